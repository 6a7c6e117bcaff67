/// Finds the values that a sensor or its driver gives for want of a measurement.
///
/// A value that equals one of the list exactly gets the flag of the list. NaN and infinities are
/// missing. Well known are -7999 and -9999 of data loggers, 85 of a DS18B20 that has not converted,
/// -127 of a DS18B20 that is not there and 40 Hz of a frequency meter without mains.
public struct SentinelValues: Hashable, Sendable {
  /// The values, at most 64.
  public let values: [Double]
  /// The flag of a value of the list.
  public let flag: QualityFlag

  /// Values and the flag they get; nil for NaN, for an infinity, and for none or over 64 values.
  public init?(_ values: [Double], flag: QualityFlag = .fail) {
    guard !values.isEmpty, values.count <= 64, values.allSatisfy(\.isFinite) else { return nil }
    self.values = values
    self.flag = flag
  }

  /// Takes a sample; gives its flag.
  public func accept(_ sample: Sample) -> QualityFlag {
    guard sample.value.isFinite else { return .missing }
    return values.contains(sample.value) ? flag : .good
  }
}
