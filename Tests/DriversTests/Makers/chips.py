"""All tables."""
import climate

ALL = climate.CHIPS
