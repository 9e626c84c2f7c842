"""Messages to people: written with the act they tell, sent later, once."""
