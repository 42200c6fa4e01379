#!/usr/bin/env bash
# LocalStack runs this when it is ready: whoever waits for it learns whether S3 and SSM really answer.
set -euo pipefail
awslocal s3api list-buckets >/dev/null
awslocal ssm describe-parameters >/dev/null
echo 'S3 and SSM answer.'
