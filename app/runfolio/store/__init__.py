"""The only code that knows SQL: the database, its migrations, and every question and change put to it."""

from runfolio.store.connection import Store as Store
from runfolio.store.connection import Transaction as Transaction
from runfolio.store.opening import open_store as open_store
