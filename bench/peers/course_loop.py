"""
The course's daily step, as hundreds of pipelines have it: lists a day's objects, downloads them one
after the other, makes a table of one row of each, joins the tables, writes SNAPPY, uploads it.

In its favour: the listing goes past its first page, columns have types (so that a photo does not lose
the day), and tables are joined once, not after each object.

    course_loop.py <bucket> <prefix>
"""

import json
import os
import sys
import tempfile

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from figures import Measured

SCHEMA = pa.schema(
    [
        ("message_id", pa.int64()),
        ("user_id", pa.int64()),
        ("user_is_bot", pa.bool_()),
        ("user_first_name", pa.string()),
        ("chat_id", pa.int64()),
        ("chat_type", pa.string()),
        ("text", pa.string()),
        ("date", pa.int64()),
    ]
)


def parse_data(message):
    return {
        "message_id": [message["message_id"]],
        "user_id": [message["from"]["id"]],
        "user_is_bot": [message["from"]["is_bot"]],
        "user_first_name": [message["from"]["first_name"]],
        "chat_id": [message["chat"]["id"]],
        "chat_type": [message["chat"]["type"]],
        "text": [message.get("text")],
        "date": [message["date"]],
    }


bucket, prefix = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    with Measured() as measured:
        client = boto3.client("s3")
        tables = []
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for content in page["Contents"]:
                key = content["Key"]
                path = os.path.join(folder, key.split("/")[-1])
                client.download_file(bucket, key, path)
                with open(path, encoding="utf8") as file:
                    message = json.load(file)["update"]["message"]
                tables.append(pa.Table.from_pydict(parse_data(message), schema=SCHEMA))
        path = os.path.join(folder, "day.parquet")
        pq.write_table(pa.concat_tables(tables), path, compression="SNAPPY")
        client.upload_file(path, bucket, f"enriched/{prefix}day.parquet")
    measured.print(rows=len(tables))
