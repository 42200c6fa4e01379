"""
DuckDB at what the daily step does: reads raw objects or lines with a schema given, and writes Parquet.
Order is not preserved, which is its best.

    duckdb_lake.py fields <threads> <pattern> <target>           fields as they are → Parquet, ZSTD
    duckdb_lake.py day <threads> <pattern> <target> <stopwords>  the whole table: see below
    duckdb_lake.py copy <threads> <parquet> <target>             a table in memory → Parquet, ZSTD
    duckdb_lake.py differences <threads> <parquet> <parquet>     prints how many rows only one file has

`day` gives the rows of ours: all columns, questions folded, and one row of each update, the one that was
received first. What is no message it reads as far as days of the benchmark need; and an update that
cannot be read ends it.
"""

import os
import sys

import duckdb

from figures import Measured

PERSON = "STRUCT(id BIGINT, is_bot BOOLEAN, first_name VARCHAR, username VARCHAR, language_code VARCHAR)"
CHAT = "STRUCT(id BIGINT, type VARCHAR, title VARCHAR)"
MESSAGE = f"""STRUCT(message_id BIGINT, "from" {PERSON}, chat {CHAT}, "text" VARCHAR, caption VARCHAR,
  date BIGINT, edit_date BIGINT, media_group_id VARCHAR, message_thread_id BIGINT, photo JSON,
  forward_origin JSON,
  reply_to_message STRUCT(message_id BIGINT), sender_chat STRUCT(id BIGINT), via_bot STRUCT(id BIGINT),
  migrate_to_chat_id BIGINT, migrate_from_chat_id BIGINT)"""
ANSWER = """STRUCT(outcome VARCHAR, intent VARCHAR, score DOUBLE, ms DOUBLE,
  "call" STRUCT("text" VARCHAR))"""
UPDATE = f"""STRUCT(update_id BIGINT, message {MESSAGE}, callback_query STRUCT(data VARCHAR),
  message_reaction STRUCT(new_reaction STRUCT(emoji VARCHAR)[]),
  my_chat_member STRUCT(old_chat_member STRUCT("user" STRUCT(id BIGINT), status VARCHAR),
    new_chat_member STRUCT("user" STRUCT(id BIGINT), status VARCHAR)))"""
# The columns that are a field as it is; none that has to be derived from words.
FIELDS = """
  m.message_id, m."from".id AS user_id, m."from".is_bot AS user_is_bot,
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


def derived(stop_words):
    """The other columns. One expression takes all out that is no word of a question: of those tried
    (a list filtered by IN, by list_contains, by a second expression) the fastest."""
    greetings = "bom dia|boa tarde|boa noite|good (?:morning|afternoon|evening)"
    no_words = rf"(?:^|\s)@\w+|\b(?:{greetings}|{stop_words})\b|[''’](?:d|ll|m|re|s|t|ve)\b"
    folded = """lower(strip_accents(coalesce(m."text", m.caption)))"""
    return rf"""
      FALSE AS is_service, m.forward_origin IS NOT NULL AS is_forward,
      nullif(regexp_extract(m."text", '^/(\w+)', 1), '') AS command,
      nullif(regexp_extract(m."text", '^/start (.+)$', 1), '') AS start_payload,
      update.callback_query.data AS callback_data,
      update.message_reaction.new_reaction[1].emoji AS reaction,
      update.my_chat_member.new_chat_member."user".id AS member_user_id,
      update.my_chat_member.old_chat_member.status AS member_status_old,
      update.my_chat_member.new_chat_member.status AS member_status_new,
      nullif(array_to_string(list_sort(list_distinct(regexp_extract_all(
        regexp_replace({folded}, '{no_words}', '', 'g'), '[\p{{L}}\p{{M}}\p{{N}}]+'))), ' '), '')
        AS question_key
    """


ONE_OF_EACH = "QUALIFY row_number() OVER (PARTITION BY update_id ORDER BY received_at) = 1"


def write_parquet(connection, columns, condition, lines, target):
    connection.execute(
        f"""COPY (
          SELECT {columns} FROM (
            SELECT update, update.message AS m, received_at, source, answer
            FROM read_json('{lines}', format = 'newline_delimited', columns = {{
              source: 'VARCHAR', received_at: 'TIMESTAMP', update: '{UPDATE}', answer: '{ANSWER}' }})
          ) {condition}
        ) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"""
    )


step, threads, source, target = sys.argv[1:5]
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
connection.execute("SET TimeZone = 'UTC'")
if step == "differences":
    names = [
        name
        for (name,) in connection.execute(
            f"SELECT column_name FROM (DESCRIBE FROM read_parquet('{source}', hive_partitioning = false))"
        ).fetchall()
    ]
    rows = ", ".join(f'"{name}"' for name in names)
    a, b = (
        f"SELECT {rows} FROM read_parquet('{path}', hive_partitioning = false)"
        for path in (source, target)
    )
    (differences,) = connection.execute(
        f"SELECT count(*) FROM (({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a}))"
    ).fetchone()
    print(f'{{"differences": {differences}}}')
    sys.exit()
if step == "copy":
    connection.execute(
        f"CREATE TABLE day AS SELECT * FROM read_parquet('{source}', hive_partitioning = false)"
    )
    with Measured() as measured:
        connection.execute(f"COPY day TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
else:
    columns, condition = FIELDS, ""
    if step == "day":
        columns, condition = f"{FIELDS}, {derived(sys.argv[5])}", ONE_OF_EACH
    with Measured() as measured:
        write_parquet(connection, columns, condition, source, target)
rows, columns = connection.execute(
    f"""SELECT sum(num_rows)::BIGINT, (SELECT count(*) FROM parquet_schema('{target}') WHERE num_children IS NULL)
    FROM parquet_file_metadata('{target}')"""
).fetchone()
measured.print(rows=rows, columns=columns, megabytes=os.path.getsize(target) / 1e6)
