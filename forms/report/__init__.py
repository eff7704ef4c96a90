"""The quarter on paper, in Excel, in Word."""
