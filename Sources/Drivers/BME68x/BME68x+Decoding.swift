import Quantities

extension BME68x {
  /// What the bytes from the status on mean, with the trimming bytes.
  ///
  /// Formulas: the maker's, evaluated as `BME68xTrimming` says; a BME688's resistance is an exact
  /// fraction, 1000000 x (262144 >> range) / (4096 + 3 (count - 512)) ohm. Rounding: temperature
  /// and humidity to 0.0001 of their unit, pressure to 0.001 Pa, resistance to 0.1 ohm; halves away
  /// from zero. Humidity is clamped to 0 to 100 %RH, as the maker's formula does.
  ///
  /// A channel that the chip did not measure, and any that depends on it, is a fault, and so is a
  /// resistance that the chip does not call valid, or of a heater that did not reach its target.
  ///
  /// Throws `malformed` where the number of bytes is wrong, there are no trimming bytes yet, or the
  /// bytes are not those of a new measurement.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard let trimming else {
      throw .malformed("calibration is missing; read or restore it first")
    }
    let data = raw[0]
    guard data[0] & BME68xStatus.new != 0 else { throw .malformed("data are not new") }
    let pressure = data.triple(at: 2) >> 4
    let temperature = data.triple(at: 5) >> 4
    let humidity = data.word(at: 8)
    var result = FloatingReadings()
    if temperature == BME280.Skipped.temperature {
      for channel in ["temperature", "humidity", "pressure"] {
        result.fail(channel, "temperature was not measured")
      }
    } else {
      let fine = trimming.fineTemperature(temperature)
      result.take("temperature", fine / 5120, steps: 10_000, .celsius)
      if UInt32(humidity) == BME280.Skipped.humidity {
        result.fail("humidity", "humidity was not measured")
      } else {
        result.take(
          "humidity", trimming.relativeHumidity(humidity, fine), steps: 10_000, .relativeHumidity)
      }
      if pressure == BME280.Skipped.pressure {
        result.fail("pressure", "pressure was not measured")
      } else {
        result.take("pressure", trimming.pascal(pressure, fine), steps: 1000, .pascal)
      }
    }
    return added(gas: Array(data.suffix(2)), to: result.measurement, trimming)
  }

  /// The measurement with the resistance that two bytes mean: ten bits of count, two flags, four
  /// bits of range (sections 5.3.4 and 5.3.5).
  private func added(
    gas: [UInt8], to other: Measurement, _ trimming: BME68xTrimming
  ) -> Measurement {
    let word = gas.word(at: 0)
    let count = word >> 6
    let range = Int(word & 0x000F)
    // gas_valid, then heat_stab.
    for (flag, cause) in [
      (0x0020, "gas measurement is not valid"), (0x0010, "heater did not reach its target"),
    ] where word & UInt16(flag) == 0 {
      return Measurement(
        other.readings, faults: other.faults + [ChannelFault("gas-resistance", cause: cause)])
    }
    let tenths: Int128
    switch Model.gas {
    case .low:
      // At most 13 megaohm, for the count is never below 512 - second.
      tenths = Int128(
        (trimming.ohm(count, range: range) * 10).rounded(.toNearestOrAwayFromZero))
    case .high:
      tenths = (10_000_000 * Int128(262_144 >> range)).roundedQuotient(
        by: 4096 + 3 * (Int128(count) - 512))
    }
    return Measurement(
      other.readings + [Reading("gas-resistance", nano: tenths * 100_000_000, .ohm)],
      faults: other.faults)
  }
}
