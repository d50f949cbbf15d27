"""The pipeline of `config.yml`: Rasa graph components of our own, none of which imports TensorFlow."""
