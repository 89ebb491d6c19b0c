"""Juvenile dermatomyositis: instruments, states, response, classification."""
