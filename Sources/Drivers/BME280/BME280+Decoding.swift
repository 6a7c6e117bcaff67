import Quantities

extension BME280 {
  /// What eight data bytes mean, with the trimming bytes.
  ///
  /// Formula: the data sheet's double precision one (section 8.1), evaluated as
  /// `BoschAirTrimming` says, so that every machine gets the same bits.
  ///
  /// Rounding: temperature and humidity to 0.0001 of their unit, pressure to 0.001 Pa, each finer
  /// than a step of the converter; halves away from zero.
  ///
  /// Limits: humidity is clamped to 0 to 100 %RH, as the data sheet's formula does; temperature and
  /// pressure are not, for a value out of range must be seen as such. A channel that the chip did
  /// not measure, and any that depends on it, is a fault.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or there are no trimming bytes yet.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard let trimming else {
      throw .malformed("calibration is missing; read or restore it first")
    }
    let data = raw[0].map(UInt32.init)
    let pressure = data[0] << 12 | data[1] << 4 | data[2] >> 4
    let temperature = data[3] << 12 | data[4] << 4 | data[5] >> 4
    let humidity = data[6] << 8 | data[7]

    guard temperature != Skipped.temperature else {
      return Measurement(
        [],
        faults: Self.specification.channels.map {
          ChannelFault($0.name, cause: "temperature was not measured")
        })
    }
    let fine = trimming.air.fineTemperature(temperature)
    var result = FloatingReadings()
    result.take("temperature", fine / 5120, steps: 10_000, .celsius)
    if humidity == Skipped.humidity {
      result.fail("humidity", "humidity was not measured")
    } else {
      result.take(
        "humidity", trimming.relativeHumidity(humidity, fine), steps: 10_000, .relativeHumidity)
    }
    if pressure == Skipped.pressure {
      result.fail("pressure", "pressure was not measured")
    } else {
      result.take("pressure", trimming.air.pascal(pressure, fine), steps: 1000, .pascal)
    }
    return result.measurement
  }
}

extension BME280.Trimming {
  /// The relative humidity in percent, clamped to 0 to 100 (section 8.1).
  func relativeHumidity(_ count: UInt32, _ fine: Double) -> Double {
    let dig = humidity
    let distance = fine - 76800
    let offset = dig[3] * 64 + dig[4] / 16384 * distance
    let inner = 1 + dig[2] / 67_108_864 * distance
    let outer = 1 + dig[5] / 67_108_864 * distance * inner
    let linear = (Double(count) - offset) * (dig[1] / 65536 * outer)
    let result = linear * (1 - dig[0] * linear / 524_288)
    return min(max(result, 0), 100)
  }
}
