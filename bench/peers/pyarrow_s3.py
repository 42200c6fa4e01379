"""
The same step with pyarrow's own S3 client: objects read by many threads, one table, ZSTD.

    pyarrow_s3.py <bucket> <prefix>
"""

import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.fs as fs
import pyarrow.json
import pyarrow.parquet as pq

from figures import Measured

THREADS = 64

bucket, prefix = sys.argv[1:]
scheme, _, host = os.environ["AWS_ENDPOINT_URL"].partition("://")
pa.set_io_thread_count(THREADS)
with Measured() as measured:
    s3 = fs.S3FileSystem(
        access_key="bench",
        secret_key="bench",
        endpoint_override=host,
        scheme=scheme,
        region="us-east-1",
    )
    infos = s3.get_file_info(fs.FileSelector(f"{bucket}/{prefix}", recursive=True))

    def read(info):
        with s3.open_input_stream(info.path) as stream:
            return stream.readall()

    with ThreadPoolExecutor(THREADS) as pool:
        lines = b"".join(pool.map(read, infos))
    update = pa.json.read_json(io.BytesIO(lines)).column("update").combine_chunks()
    message = update.field("message")
    sender, chat = message.field("from"), message.field("chat")
    table = pa.table(
        {
            "update_id": update.field("update_id"),
            "message_id": message.field("message_id"),
            "user_id": sender.field("id"),
            "user_is_bot": sender.field("is_bot"),
            "user_first_name": sender.field("first_name"),
            "chat_id": chat.field("id"),
            "chat_type": chat.field("type"),
            "text": message.field("text"),
            "caption": message.field("caption"),
            "date": message.field("date"),
        }
    )
    with s3.open_output_stream(f"{bucket}/enriched/{prefix}day.parquet") as sink:
        pq.write_table(table, sink, compression="ZSTD")
measured.print(rows=table.num_rows)
