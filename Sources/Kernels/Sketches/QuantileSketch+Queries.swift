extension QuantileSketch {
  /// The least value; nil without values.
  public var minimum: Double? { count == 0 ? nil : least }

  /// The greatest value; nil without values.
  public var maximum: Double? { count == 0 ? nil : greatest }

  /// The part of the values at or below one, from 0 to 1; nil without values and for NaN.
  public func rank(of value: Double) -> Double? {
    guard count > 0, !value.isNaN else { return nil }
    if value < least { return 0 }
    if value >= greatest { return 1 }
    var below: UInt64 = 0
    for level in 0..<levelCount {
      var found: UInt64 = 0
      for index in starts[level]..<starts[level + 1] where items[index] <= value { found += 1 }
      below += found << UInt64(level)
    }
    return Double(below) / Double(count)
  }

  /// The least value that so large a part of the values is at or below.
  ///
  /// 0 gives the minimum and 1 the maximum; nil without values and outside 0...1.
  public func quantile(_ part: Double) -> Double? { quantiles([part]).first ?? nil }

  /// The quantiles of several parts, for the cost of one.
  public func quantiles(_ parts: [Double]) -> [Double?] {
    guard count > 0 else { return parts.map { _ in nil } }
    var weighted: [(value: Double, weight: UInt64)] = []
    weighted.reserveCapacity(items.count - starts[0])
    for level in 0..<levelCount {
      for index in starts[level]..<starts[level + 1] {
        weighted.append((items[index], 1 << UInt64(level)))
      }
    }
    weighted.sort { $0.value < $1.value }
    return parts.map { part in
      guard part >= 0, part <= 1 else { return nil }
      if part == 0 { return least }
      if part == 1 { return greatest }
      var sum: UInt64 = 0
      for (value, weight) in weighted {
        sum += weight
        // A quotient, as a part of hundredths is one, so that whole ranks are met exactly.
        if Double(sum) / Double(count) >= part { return value }
      }
      return greatest
    }
  }
}
