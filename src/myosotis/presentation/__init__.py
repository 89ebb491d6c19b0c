"""What a report says and shows: tables, figures and sentences, made of the results of a study by their keys."""
