"""
The daily function as the course's pipelines have it, written anew from what 15 of them have in common:
a dictionary of what a message happens to hold becomes a table, tables are joined one by one, and
whatever goes wrong ends in one `except` that returns False. Prints what it returns.

    course_lambda.py <day>
"""

import json
import logging
import os
import sys
import tempfile

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

KEPT = {"from": ("user", ["id", "is_bot", "first_name"]), "chat": ("chat", ["id", "type"])}


def parse_data(message):
    row = {}
    for key, value in message.items():
        if key in KEPT:
            name, fields = KEPT[key]
            row.update({f"{name}_{field}": [value[field]] for field in fields})
        elif key in ("message_id", "date", "text"):
            row[key] = [value]
    return row


def lambda_handler(day):
    raw, enriched = os.environ["AWS_S3_BUCKET"], os.environ["AWS_S3_ENRICHED"]
    client = boto3.client("s3")
    table = None
    try:
        with tempfile.TemporaryDirectory() as folder:
            prefix = f"telegram/context_date={day}"
            for content in client.list_objects_v2(Bucket=raw, Prefix=prefix)["Contents"]:
                path = os.path.join(folder, content["Key"].split("/")[-1])
                client.download_file(raw, content["Key"], path)
                with open(path, encoding="utf8") as file:
                    message = json.load(file)["message"]
                row = pa.Table.from_pydict(parse_data(message))
                table = pa.concat_tables([table, row]) if table else row
            path = os.path.join(folder, "day.parquet")
            pq.write_table(table, path)
            client.upload_file(path, enriched, f"{prefix}/day.parquet")
        return True
    except Exception as error:
        logging.error(error)
        return False


print("returned", lambda_handler(sys.argv[1]))
