"""A process that uses a home, as a web server or a command would: `visitor HOME WHAT`.

hold        say where the server is, stay until standard input ends
ask SQL     print the first row of the answer, if there is one
write FILE  insert numbers for ever, each noted in FILE once the server has acknowledged it
"""

import sys
import time
from itertools import count
from pathlib import Path

import psycopg

from config.embedded import DatabaseUnavailable, ensure


def main(home: str, what: str, *details: str) -> None:
    server = ensure(Path(home))
    if what == "hold":
        print(server.host, flush=True)
        sys.stdin.read()
    elif what == "ask":
        with psycopg.connect(server.url) as connection:
            if (answer := connection.execute(details[0])).description:
                print(*answer.fetchone(), sep="|")
    elif what == "write":
        write(Path(home), Path(details[0]))


def write(home: Path, acknowledged: Path) -> None:
    numbers = count()
    with acknowledged.open("a", buffering=1) as notes:
        while True:
            try:
                with psycopg.connect(ensure(home).url, autocommit=True) as connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS written (number int PRIMARY KEY)")
                    for number in numbers:
                        connection.execute("INSERT INTO written VALUES (%s)", [number])
                        print(number, file=notes)
            except psycopg.Error:
                time.sleep(0.01)  # the server was killed: the number in flight is given up, the next is tried


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except DatabaseUnavailable as refusal:
        sys.exit(f"refused: {refusal}")
