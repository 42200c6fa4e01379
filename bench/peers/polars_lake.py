"""
Polars at what the daily step does: reads lines with a schema given, flattens them, writes Parquet. The
number of its threads is its variable POLARS_MAX_THREADS.

    polars_lake.py <lines> <target>
"""

import gzip
import io
import os
import sys

import polars as pl

from figures import Measured

PERSON = pl.Struct(
    {
        "id": pl.Int64,
        "is_bot": pl.Boolean,
        "first_name": pl.String,
        "username": pl.String,
        "language_code": pl.String,
    }
)
CHAT = pl.Struct({"id": pl.Int64, "type": pl.String, "title": pl.String})
MESSAGE = pl.Struct(
    {
        "message_id": pl.Int64,
        "from": PERSON,
        "chat": CHAT,
        "text": pl.String,
        "caption": pl.String,
        "date": pl.Int64,
        "edit_date": pl.Int64,
        "media_group_id": pl.String,
        "message_thread_id": pl.Int64,
        "reply_to_message": pl.Struct({"message_id": pl.Int64}),
        "sender_chat": pl.Struct({"id": pl.Int64}),
        "via_bot": pl.Struct({"id": pl.Int64}),
        "migrate_to_chat_id": pl.Int64,
        "migrate_from_chat_id": pl.Int64,
    }
)
ANSWER = pl.Struct(
    {
        "outcome": pl.String,
        "intent": pl.String,
        "score": pl.Float64,
        "ms": pl.Float64,
        "call": pl.Struct({"text": pl.String}),
    }
)
SCHEMA = {
    "source": pl.String,
    "received_at": pl.String,
    "update": pl.Struct({"update_id": pl.Int64, "message": MESSAGE}),
    "answer": ANSWER,
}


def field(*path):
    expression = pl.col(path[0])
    for name in path[1:]:
        expression = expression.struct.field(name)
    return expression


def message(*path):
    return field("update", "message", *path)


COLUMNS = {
    "message_id": message("message_id"),
    "user_id": message("from", "id"),
    "user_is_bot": message("from", "is_bot"),
    "user_first_name": message("from", "first_name"),
    "chat_id": message("chat", "id"),
    "chat_type": message("chat", "type"),
    "text": message("text"),
    "date": message("date"),
    "update_id": field("update", "update_id"),
    "received_at": pl.col("received_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ"),
    "local_time": pl.from_epoch(message("date"))
    .dt.replace_time_zone("UTC")
    .dt.convert_time_zone("America/Sao_Paulo")
    .dt.replace_time_zone(None),
    "edit_date": message("edit_date"),
    "text_length": pl.coalesce(message("text"), message("caption")).str.len_chars(),
    "caption": message("caption"),
    "source": pl.col("source"),
    "user_username": message("from", "username"),
    "user_language_code": message("from", "language_code"),
    "sender_chat_id": message("sender_chat", "id"),
    "chat_title": message("chat", "title"),
    "message_thread_id": message("message_thread_id"),
    "reply_to_message_id": message("reply_to_message", "message_id"),
    "media_group_id": message("media_group_id"),
    "via_bot_id": message("via_bot", "id"),
    "migrate_to_chat_id": message("migrate_to_chat_id"),
    "migrate_from_chat_id": message("migrate_from_chat_id"),
    "answer_intent": field("answer", "intent"),
    "answer_score": field("answer", "score"),
    "answer_outcome": field("answer", "outcome"),
    "answer_text": field("answer", "call", "text"),
    "answer_ms": field("answer", "ms"),
}

source, target = sys.argv[1:]
with Measured() as measured:
    if source.endswith(".gz"):
        with gzip.open(source) as file:
            lines = io.BytesIO(file.read())
    else:
        lines = source
    frame = pl.scan_ndjson(lines, schema=SCHEMA).select(**COLUMNS)
    frame.sink_parquet(target, compression="zstd", compression_level=3, maintain_order=False)
measured.print(megabytes=os.path.getsize(target) / 1e6)
