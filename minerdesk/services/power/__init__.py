"""Between a tariff in the book and the engine's arrays: civil time, market prices, the meter."""
