"""Starts LocalStack as `python -m localstack.runtime.main` does, with two things that it has no
setting for: it listens on the loopback interface alone, and what S3 stores is put into the folder for
temporary files (TMPDIR), not into a folder of /tmp that all instances share and none removes."""

import functools
import os
import tempfile

from twisted.internet import endpoints

endpoints.TCP4ServerEndpoint = functools.partial(endpoints.TCP4ServerEndpoint, interface="127.0.0.1")

from localstack.services.s3 import provider  # noqa: E402

provider.DEFAULT_S3_TMP_DIR = os.path.join(tempfile.gettempdir(), "s3")

from localstack.runtime.main import main  # noqa: E402

if __name__ == "__main__":
    main()
