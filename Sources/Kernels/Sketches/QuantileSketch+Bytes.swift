extension QuantileSketch: Equatable {
  /// Whether two sketches give the same now and go on alike.
  public static func == (left: Self, right: Self) -> Bool {
    guard left.k == right.k, left.count == right.count, left.coin == right.coin,
      left.levelCount == right.levelCount, left.starts == right.starts,
      left.least == right.least, left.greatest == right.greatest
    else { return false }
    return left.items[left.starts[0]...] == right.items[right.starts[0]...]
  }

  /// "KLL1": the format and its version.
  private static let magic: [UInt8] = [0x4B, 0x4C, 0x4C, 0x31]

  /// The sketch as bytes: each sketch has one form only.
  ///
  /// Little-endian: "KLL1", k (2 bytes), the state of the coin (8), the count (8), the number of
  /// levels (1), then unless the count is 0 the minimum and the maximum as IEEE 754 doubles (8
  /// each), then the size of each level from the lowest (2 each) and the values of the levels (8
  /// each). At most about 9 kB for k = 200.
  public var bytes: [UInt8] {
    var bytes = Self.magic
    bytes.reserveCapacity(39 + 2 * levelCount + 8 * (items.count - starts[0]))
    Self.append(UInt64(k), count: 2, to: &bytes)
    Self.append(coin, count: 8, to: &bytes)
    Self.append(count, count: 8, to: &bytes)
    bytes.append(UInt8(levelCount))
    if count > 0 {
      Self.append(least.bitPattern, count: 8, to: &bytes)
      Self.append(greatest.bitPattern, count: 8, to: &bytes)
    }
    for level in 0..<levelCount {
      Self.append(UInt64(starts[level + 1] - starts[level]), count: 2, to: &bytes)
    }
    for item in items[starts[0]...] { Self.append(item.bitPattern, count: 8, to: &bytes) }
    return bytes
  }

  /// A sketch from its bytes; nil for bytes that no sketch gives.
  public init?(bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard bytes.starts(with: Self.magic) else { return nil }
    reader.position = Self.magic.count
    guard let k = reader.integer(2), let coin = reader.integer(8), let total = reader.integer(8),
      total <= Self.maximumCount, let levels = reader.integer(1),
      (1...UInt64(Self.maximumLevels)).contains(levels)
    else { return nil }
    self.init(k: Int(k), seed: coin)
    count = total
    levelCount = Int(levels)
    if total > 0 {
      guard let minimum = reader.value(), let maximum = reader.value(), minimum <= maximum
      else { return nil }
      least = minimum
      greatest = maximum
    }
    guard readSizes(&reader), readItems(&reader), reader.position == bytes.count else { return nil }
  }

  /// Reads the sizes of the levels, which must fit the memory and the count.
  private mutating func readSizes(_ reader: inout Reader) -> Bool {
    var sizes: [Int] = []
    var weight: UInt64 = 0
    for level in 0..<levelCount {
      guard let size = reader.integer(2) else { return false }
      let (part, tooMuch) = size.multipliedReportingOverflow(by: 1 << UInt64(level))
      let (sum, overflow) = weight.addingReportingOverflow(part)
      guard !tooMuch, !overflow else { return false }
      weight = sum
      sizes.append(Int(size))
    }
    guard weight == count, sizes.reduce(0, +) <= items.count - floors[levelCount],
      levelCount == 1 || sizes[levelCount - 1] > 0
    else { return false }
    for level in sizes.indices.reversed() { starts[level] = starts[level + 1] - sizes[level] }
    return true
  }

  /// Reads the values of the levels, which must lie in order and between the extremes.
  private mutating func readItems(_ reader: inout Reader) -> Bool {
    for level in 0..<levelCount {
      for index in starts[level]..<starts[level + 1] {
        guard let value = reader.value(), least <= value, value <= greatest else { return false }
        guard level == 0 || index == starts[level] || items[index - 1] <= value
        else { return false }
        items[index] = value
      }
    }
    // Before anything was left out the extremes are among the values.
    let all = items[starts[0]...]
    return levelCount > 1 || count == 0 || (all.min() == least && all.max() == greatest)
  }

  private static func append(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
    for place in 0..<UInt64(count) {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func integer(_ count: Int) -> UInt64? {
      guard bytes.count - position >= count else { return nil }
      var value: UInt64 = 0
      for place in 0..<count { value |= UInt64(bytes[position + place]) << UInt64(8 * place) }
      position += count
      return value
    }

    /// A finite value that is not -0.
    mutating func value() -> Double? {
      guard let bits = integer(8) else { return nil }
      let value = Double(bitPattern: bits)
      return value.isFinite && (value != 0 || value.sign == .plus) ? value : nil
    }
  }
}
