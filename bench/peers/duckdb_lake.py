"""
DuckDB at what the daily step does: reads raw objects or lines with a schema given, flattens what is a
field of theirs, and writes Parquet. Order is not preserved, which is its best.

    duckdb_lake.py json <threads> <pattern> <target>     raw objects or lines → Parquet, ZSTD
    duckdb_lake.py copy <threads> <parquet> <target>     a table in memory → Parquet, ZSTD
"""

import os
import sys

import duckdb

from figures import Measured

PERSON = "STRUCT(id BIGINT, is_bot BOOLEAN, first_name VARCHAR, username VARCHAR, language_code VARCHAR)"
CHAT = "STRUCT(id BIGINT, type VARCHAR, title VARCHAR)"
MESSAGE = f"""STRUCT(message_id BIGINT, "from" {PERSON}, chat {CHAT}, "text" VARCHAR, caption VARCHAR,
  date BIGINT, edit_date BIGINT, media_group_id VARCHAR, message_thread_id BIGINT, photo JSON,
  reply_to_message STRUCT(message_id BIGINT), sender_chat STRUCT(id BIGINT), via_bot STRUCT(id BIGINT),
  migrate_to_chat_id BIGINT, migrate_from_chat_id BIGINT)"""
ANSWER = """STRUCT(outcome VARCHAR, intent VARCHAR, score DOUBLE, ms DOUBLE,
  "call" STRUCT("text" VARCHAR))"""
# Of the table's 43 columns those that are a field as it is; none that has to be derived from words.
SELECT = """
  SELECT m.message_id, m."from".id AS user_id, m."from".is_bot AS user_is_bot,
    m."from".first_name AS user_first_name, m.chat.id AS chat_id, m.chat.type AS chat_type,
    m."text" AS "text", m.date AS date, update.update_id AS update_id,
    CASE WHEN m IS NULL THEN NULL ELSE 'message' END AS update_type,
    received_at, timezone('America/Sao_Paulo', to_timestamp(m.date)) AS local_time,
    m.edit_date AS edit_date,
    CASE WHEN m.photo IS NULL THEN 'text' ELSE 'photo' END AS content_type,
    length(coalesce(m."text", m.caption)) AS text_length, m.caption AS caption, source,
    m."from".username AS user_username, m."from".language_code AS user_language_code,
    m.sender_chat.id AS sender_chat_id, m.chat.title AS chat_title,
    m.message_thread_id AS message_thread_id,
    m.reply_to_message.message_id AS reply_to_message_id, m.media_group_id AS media_group_id,
    m.via_bot.id AS via_bot_id, m.migrate_to_chat_id AS migrate_to_chat_id,
    m.migrate_from_chat_id AS migrate_from_chat_id, answer.intent AS answer_intent,
    answer.score AS answer_score, answer.outcome AS answer_outcome,
    answer."call"."text" AS answer_text, answer.ms AS answer_ms
"""

step, threads, source, target = sys.argv[1:]
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
connection.execute("SET TimeZone = 'UTC'")
if step == "json":
    with Measured() as measured:
        connection.execute(
            f"""COPY (
              {SELECT} FROM (
                SELECT update, update.message AS m, received_at, source, answer
                FROM read_json('{source}', format = 'newline_delimited', columns = {{
                  source: 'VARCHAR', received_at: 'TIMESTAMP',
                  update: 'STRUCT(update_id BIGINT, message {MESSAGE})', answer: '{ANSWER}' }})
              )
            ) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"""
        )
else:
    connection.execute(
        f"CREATE TABLE day AS SELECT * FROM read_parquet('{source}', hive_partitioning = false)"
    )
    with Measured() as measured:
        connection.execute(f"COPY day TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
rows, columns = connection.execute(
    f"""SELECT sum(num_rows)::BIGINT, (SELECT count(*) FROM parquet_schema('{target}') WHERE num_children IS NULL)
    FROM parquet_file_metadata('{target}')"""
).fetchone()
measured.print(rows=rows, columns=columns, megabytes=os.path.getsize(target) / 1e6)
