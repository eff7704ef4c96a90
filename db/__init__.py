"""What is stored and what must hold; the only package that speaks SQL.

sqlite-utils prefers a module named ``pysqlite3`` to Python's own sqlite3. Giving it SQLCipher's driver under that name,
before anything imports sqlite-utils, makes both agree on connections and exceptions.
"""

import sys

import sqlcipher3
import sqlcipher3.dbapi2

sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = sqlcipher3.dbapi2
