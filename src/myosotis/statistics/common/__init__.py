"""What every statistic uses: arguments as they are read, records as they are returned, methods as they are described."""
