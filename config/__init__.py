"""The roof: settings, addresses, the server's entry and the `citeslab` command. Nobody imports it."""
