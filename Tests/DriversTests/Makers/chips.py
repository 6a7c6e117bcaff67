"""All tables."""
import air
import bosch
import climate
import power
import temperature

ALL = bosch.CHIPS + climate.CHIPS + temperature.CHIPS + air.CHIPS + power.CHIPS
