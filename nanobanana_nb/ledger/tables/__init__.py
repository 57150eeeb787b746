"""What is written down beside the tasks: plans, ratings, votes, money."""
