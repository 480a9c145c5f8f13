"""Administration: the people who sign in and the roles they have for which partner."""
