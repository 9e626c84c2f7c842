"""Django's PostgreSQL engine over the embedded server: ENGINE `config.embedded.backend`, HOME a folder."""
