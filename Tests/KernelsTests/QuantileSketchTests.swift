import Kernels
import Testing

/// The kinds of streams on which the error is tested.
private enum Stream: String, CaseIterable, Sendable {
  case uniform
  case rising
  case falling
  case bell
  case heavyTail
  case zoomingIn
  case fewValues
  case drifting

  func values(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix(state: seed)
    func unit() -> Double { Double(generator.next() >> 11) / 9_007_199_254_740_992 }
    return (0..<count).map { index in
      switch self {
      case .uniform: unit()
      case .rising: Double(index)
      case .falling: Double(count - index)
      case .bell: (0..<12).reduce(-6) { sum, _ in sum + unit() }
      case .heavyTail: 1 / (1 - unit() * 0.999999)
      case .zoomingIn: index % 2 == 0 ? Double(index) : Double(2 * count - index)
      case .fewValues: Double(generator.next() % 5)
      case .drifting: Double(index) / 1000 + unit()
      }
    }
  }
}

/// How far a rank is from the ranks that a value has, which are several where values repeat.
private func rankError(_ sketch: QuantileSketch, _ sorted: [Double], _ part: Double) -> Double {
  let value = sorted[Int(part * Double(sorted.count - 1))]
  let atOrBelow = Double(sorted.partitioningIndex { $0 > value }) / Double(sorted.count)
  return abs((sketch.rank(of: value) ?? .nan) - atOrBelow)
}

extension Array {
  fileprivate func partitioningIndex(where isBeyond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

private func sketch(_ values: some Sequence<Double>, seed: UInt64 = 0) throws -> QuantileSketch {
  var sketch = try #require(QuantileSketch(seed: seed))
  for value in values { sketch.accept(value) }
  return sketch
}

private let parts = (1..<100).map { Double($0) / 100 }

@Suite struct QuantileSketchTests {
  @Test func `below the capacity every quantile is exact`() throws {
    let values = Stream.uniform.values(200, seed: 1)
    let sorted = values.sorted()
    let small = try sketch(values)
    for (index, value) in sorted.enumerated() {
      #expect(small.rank(of: value) == Double(index + 1) / 200)
      #expect(small.quantile(Double(index + 1) / 200) == value)
    }
    #expect(small.quantile(0) == sorted.first && small.quantile(1) == sorted.last)
  }

  @Test func `of no value nothing is known`() throws {
    var none = try #require(QuantileSketch())
    none.accept(.nan)
    none.accept(.infinity)
    #expect(none.count == 0 && none.minimum == nil && none.maximum == nil)
    #expect(none.rank(of: 1) == nil && none.quantile(0.5) == nil)
    let one = try sketch([-0.0])
    #expect(one.quantile(0.5)?.sign == .plus && one.rank(of: .nan) == nil)
    #expect(one.quantile(-0.1) == nil && one.quantile(.nan) == nil)
    #expect(QuantileSketch(k: 7) == nil && QuantileSketch(k: 4097) == nil)
  }

  // Apache DataSketches, KLL: 2.296 / 200^0.9723 = 0.0133 with 99 % confidence for one rank.
  @Test(arguments: Stream.allCases)
  private func `ranks are right to 0.0133 in 99 of 100 cases`(_ stream: Stream) throws {
    var (bad, worst, cases) = (0, 0.0, 0)
    for seed in 0..<4 as Range<UInt64> {
      let values = stream.values(10_000, seed: seed &+ 100)
      let sorted = values.sorted()
      let made = try sketch(values, seed: seed)
      #expect(made.count == 10_000)
      #expect(made.minimum == sorted.first && made.maximum == sorted.last)
      for part in parts {
        let error = rankError(made, sorted, part)
        worst = max(worst, error)
        bad += error > 0.0133 ? 1 : 0
        cases += 1
      }
      let quantiles = made.quantiles(parts)
      #expect(quantiles.compactMap { $0 } == quantiles.compactMap { $0 }.sorted())
      #expect(quantiles[49] == made.quantile(0.5))
    }
    #expect(Double(bad) <= 0.01 * Double(cases), "worst \(worst)")
    #expect(worst < 0.03)
  }

  @Test(arguments: Stream.allCases)
  private func `merged sketches keep the bound`(_ stream: Stream) throws {
    var (bad, cases) = (0, 0)
    for seed in 0..<3 as Range<UInt64> {
      let values = stream.values(10_000, seed: seed &+ 900)
      let sorted = values.sorted()
      var whole = try #require(QuantileSketch(seed: seed))
      // Boards of very different sizes.
      for (index, cut) in [0..<7, 7..<500, 500..<4000, 4000..<10_000].enumerated() {
        let board = try sketch(values[cut], seed: UInt64(index) + 10 * seed)
        let isMerged = whole.merge(board)
        #expect(isMerged)
      }
      #expect(whole.count == 10_000)
      #expect(whole.minimum == sorted.first && whole.maximum == sorted.last)
      for part in parts {
        bad += rankError(whole, sorted, part) > 0.0133 ? 1 : 0
        cases += 1
      }
      #expect(whole.rank(of: sorted[9999]) == 1)
    }
    #expect(Double(bad) <= 0.01 * Double(cases))
  }

  @Test func `a merge of few values is exact, and one with none changes nothing`() throws {
    var one = try sketch([1, 2, 3])
    let before = one
    var merged = [one.merge(try sketch([]))]
    #expect(one == before)
    merged.append(one.merge(try sketch([0, 9])))
    #expect(one.quantiles([0.2, 0.4, 0.6, 0.8]) == [0, 1, 2, 3])
    merged.append(one.merge(try #require(QuantileSketch(k: 100))))
    let itself = one
    merged.append(one.merge(itself))
    #expect(merged == [true, true, false, true] && one.count == 10)
  }

  @Test func `the same stream gives the same bytes, and bytes go on alike`() throws {
    let values = Stream.bell.values(30_000, seed: 4)
    let whole = try sketch(values)
    #expect(try sketch(values) == whole)
    for cut in [0, 1, 199, 200, 201, 5000, 29_999] {
      let half = try sketch(values[..<cut])
      var restored = try #require(QuantileSketch(bytes: half.bytes))
      #expect(restored == half && restored.bytes == half.bytes)
      for value in values[cut...] { restored.accept(value) }
      #expect(restored.bytes == whole.bytes)
    }
    #expect(whole.bytes.count < 9000)
  }

  // Pinned on x86-64; comparisons and whole numbers alone decide, so other machines must agree.
  @Test func `the bytes are the same on every machine`() throws {
    let bytes = try sketch(Stream.uniform.values(5000, seed: 2), seed: 9).bytes
    // FNV-1a, 64 bits.
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    #expect(bytes.count == 3681 && hash == 14_872_156_548_681_176_037)
  }

  @Test func `bytes that no sketch gives are refused`() throws {
    let values = Stream.uniform.values(400, seed: 8)
    var small = try #require(QuantileSketch(k: 8))
    for value in values { small.accept(value) }
    let bytes = small.bytes
    for length in 0..<bytes.count { #expect(QuantileSketch(bytes: Array(bytes[..<length])) == nil) }
    #expect(QuantileSketch(bytes: bytes + [0]) == nil)
    // What is accepted after a change is another sketch with that form, and never traps.
    for position in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[position] ^= 1 << UInt8(bit)
        guard var other = QuantileSketch(bytes: changed) else { continue }
        #expect(other.bytes == changed)
        for value in values.prefix(20) { other.accept(value) }
        #expect(other.count == 420)
      }
    }
    let empty = try #require(QuantileSketch(seed: 3))
    var none = try #require(QuantileSketch(bytes: empty.bytes))
    none.accept(1)
    #expect(none.count == 1)
  }

  @Test func `a sketch with the greatest count takes no more`() throws {
    // One value of weight 2^60, on the topmost level.
    var bytes: [UInt8] = [0x4B, 0x4C, 0x4C, 0x31, 200, 0] + Array(repeating: 0, count: 8)
    bytes += [0, 0, 0, 0, 0, 0, 0, 0x10, 61]
    let one: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
    bytes += one + one + Array(repeating: 0, count: 120) + [1, 0] + one
    var full = try #require(QuantileSketch(bytes: bytes))
    #expect(full.count == QuantileSketch.maximumCount && full.quantile(0.5) == 1)
    full.accept(2)
    #expect(full.count == QuantileSketch.maximumCount && full.maximum == 1)
    var small = try sketch([2])
    let merged = [full.merge(small), small.merge(full)]
    #expect(merged == [false, false] && small.count == 1)
  }

  @Test func `any values at all never trap`() throws {
    var generator = SplitMix(state: 77)
    var hostile = try #require(QuantileSketch(k: 8))
    for _ in 0..<50_000 { hostile.accept(hostileSample(&generator).value) }
    let sorted = hostile.quantiles(parts).compactMap { $0 }
    #expect(sorted == sorted.sorted())
    #expect(QuantileSketch(bytes: hostile.bytes) == hostile)
  }
}
