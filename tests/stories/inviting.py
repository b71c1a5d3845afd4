"""A process of its own that brings cases to an invitation, one after the other, until it is ended.

`python -m tests.stories.inviting` in the environment of a data folder's owner. Whatever dies under
it, it goes on; each letter's Message-ID is told on standard output after its commit.
"""

import os
import time


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.config.settings")
    import django

    django.setup()
    from django.db import DatabaseError, connection, transaction

    from tests.cases import Case

    while True:
        try:
            with transaction.atomic():
                letter = Case().message.message_id
            print(letter, flush=True)
        except DatabaseError:
            connection.close()
            time.sleep(0.2)


if __name__ == "__main__":
    main()
