"""Django's FORMAT_MODULE_PATH: dates where its own do not suit us."""
