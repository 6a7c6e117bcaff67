import Kernels
import Testing

@Suite struct RunningCovarianceTests {
  @Test func `the first rows count alike`() throws {
    var running = try #require(RunningCovariance(channels: 2, rate: 0.01))
    for row in [[1, 2], [2, 4], [3, 9]] as [[Double]] { running.accept(row) }
    #expect(running.count == 3)
    #expect(abs(try #require(running.mean(0)) - 2) < 1e-15)
    #expect(abs(try #require(running.mean(1)) - 5) < 1e-15)
    // Divided by the count: 2/3, (3 + 0 + 4) / 3 and 26/3.
    #expect(abs(try #require(running.covariance(0, 0)) - 2.0 / 3) < 1e-15)
    #expect(abs(try #require(running.covariance(0, 1)) - 7.0 / 3) < 1e-14)
    #expect(running.covariance(1, 0) == running.covariance(0, 1))
    #expect(abs(try #require(running.covariance(1, 1)) - 26.0 / 3) < 1e-14)
  }

  @Test func `follows the weighted sums of all rows`() throws {
    var generator = SplitMix(state: 1)
    let rate = 0.1
    var running = try #require(RunningCovariance(channels: 3, rate: rate))
    var rows: [[Double]] = []
    for _ in 0..<300 {
      let common = normal(&generator)
      rows.append([common, 2 * common + normal(&generator), normal(&generator) - 5])
      running.accept(rows[rows.count - 1])
    }
    // The weights: each row loses what the later ones gain.
    var weights = [Double](repeating: 0, count: rows.count)
    for index in rows.indices {
      let weight = max(rate, 1 / Double(index + 1))
      for before in 0..<index { weights[before] *= 1 - weight }
      weights[index] = weight
    }
    let mean = (0..<3).map { channel in
      zip(weights, rows).reduce(0) { $0 + $1.0 * $1.1[channel] }
    }
    for first in 0..<3 {
      #expect(abs(try #require(running.mean(first)) - mean[first]) < 1e-12)
      for second in 0..<3 {
        let expected = zip(weights, rows).reduce(0) {
          $0 + $1.0 * ($1.1[first] - mean[first]) * ($1.1[second] - mean[second])
        }
        #expect(abs(try #require(running.covariance(first, second)) - expected) < 1e-12)
      }
    }
  }

  @Test func `correlations lie between -1 and 1`() throws {
    var running = try #require(RunningCovariance(channels: 3))
    #expect(running.correlation(0, 1) == nil && running.mean(0) == nil)
    for index in 0..<100 { running.accept([Double(index), Double(-2 * index), 4]) }
    #expect(abs(try #require(running.correlation(0, 1)) + 1) < 1e-12)
    #expect(running.correlation(0, 2) == nil)
    #expect(running.covariance(0, 3) == nil && running.mean(-1) == nil)
  }

  @Test func `rows of the wrong length or without numbers are passed over`() throws {
    var running = try #require(RunningCovariance(channels: 2))
    running.accept([1, 2])
    let before = running
    for row in [[], [1], [1, 2, 3], [1, .nan], [.infinity, 0], [1e141, 0]] as [[Double]] {
      let isTaken = running.accept(row)
      #expect(!isTaken)
    }
    #expect(running == before)
    #expect(RunningCovariance(channels: 0) == nil && RunningCovariance(channels: 17) == nil)
    #expect(RunningCovariance(channels: 2, rate: 0) == nil)
  }
}

/// Rows of channels that follow one common number.
private func rows(
  _ count: Int, channels: Int, seed: UInt64, _ change: (Int, inout [Double]) -> Void = { _, _ in }
) -> [[Double]] {
  var generator = SplitMix(state: seed)
  return (0..<count).map { index in
    let common = normal(&generator)
    var row = (0..<channels).map { common * Double($0 + 1) + 0.2 * normal(&generator) }
    change(index, &row)
    return row
  }
}

@Suite struct HotellingT2Tests {
  @Test func `is the sum of squares for channels that know nothing of each other`() throws {
    var detector = try #require(HotellingT2(channels: 2))
    // A square of four points: means 0, deviations 1, no correlation.
    let corners = [[1, 1], [-1, 1], [1, -1], [-1, -1]] as [[Double]]
    for index in 0..<64 {
      let verdict = detector.accept(corners[index % 4])
      #expect(verdict.tSquared == 0)
    }
    let verdict = detector.accept([1, -2])
    #expect(abs(verdict.tSquared - 5 / 1.01) < 1e-9)
  }

  @Test func `is the square with a known correlation`() throws {
    var detector = try #require(HotellingT2(channels: 2))
    // Means 0, variances 1, correlation 0.6.
    let points = [[1, 1.4], [-1, -1.4], [1, -0.2], [-1, 0.2]] as [[Double]]
    for index in 0..<64 { detector.accept(points[index % 4]) }
    let verdict = detector.accept([2, -1])
    let (own, joint) = (1.01, 0.6)
    let expected = (own * 4 - 2 * joint * -2 + own * 1) / (own * own - joint * joint)
    #expect(abs(verdict.tSquared - expected) < 1e-9)
  }

  @Test(arguments: [2, 3, 8, 16])
  func `a broken relation raises, and the worst channel is named`(_ channels: Int) throws {
    var detector = try #require(HotellingT2(channels: channels))
    var found: (Int, HotellingT2.Reason)?
    let stream = rows(2000, channels: channels, seed: UInt64(channels)) { index, row in
      if index == 1900 { row[1] = -row[1] + 3 }
    }
    for (index, row) in stream.enumerated() {
      if case .raised(let reason) = detector.accept(row).change, index >= 1900, found == nil {
        found = (index, reason)
      }
    }
    let (index, reason) = try #require(found)
    #expect(index == 1900)
    if 3...8 ~= channels { #expect(reason.channel == 1 && reason.part > 0.3) }
    #expect(reason.description.contains("channel \(reason.channel), "))
  }

  @Test func `a quiet stream stays quiet, and the hold-off lasts`() throws {
    var detector = try #require(HotellingT2(channels: 4, holdOff: 50))
    var changes: [(Int, HotellingT2.Change)] = []
    let stream = rows(3000, channels: 4, seed: 5) { index, row in
      if 2900..<2910 ~= index { row[2] += 40 }
    }
    for (index, row) in stream.enumerated() {
      let verdict = detector.accept(row)
      #expect(0..<1 ~= verdict.score)
      if let change = verdict.change { changes.append((index, change)) }
    }
    #expect(changes.map(\.0) == [2900, 2950])
    #expect(changes.last?.1 == .released && !detector.isRaised)
  }

  @Test func `scale and sign do not matter`() throws {
    var plain = try #require(HotellingT2(channels: 3))
    var scaled = try #require(HotellingT2(channels: 3))
    for row in rows(1000, channels: 3, seed: 6) {
      let one = plain.accept(row)
      let two = scaled.accept([row[0] * -4, row[1] * 0x1p100, row[2] * 0.25])
      #expect(one.tSquared == two.tSquared && one.score == two.score)
    }
  }

  @Test func `the first change of a constant channel raises`() throws {
    var detector = try #require(HotellingT2(channels: 2))
    var generator = SplitMix(state: 7)
    for _ in 0..<500 {
      let verdict = detector.accept([normal(&generator), 3])
      #expect(verdict.change == nil)
    }
    guard case .raised(let reason) = detector.accept([0, 4]).change else {
      Issue.record("not raised")
      return
    }
    #expect(reason.channel == 1 && reason.deviations == 100)
  }

  @Test func `never traps, and gives scores from 0 to below 1`() throws {
    var generator = SplitMix(state: 8)
    for channels in [1, 2, 5, 16] {
      for round in 0..<4 {
        var detector = try #require(HotellingT2(channels: channels))
        for _ in 0..<500 {
          let row = (0..<channels).map { _ -> Double in
            switch round {
            case 0: return Double(bitPattern: generator.next())
            case 1: return 1e-300 * normal(&generator)
            case 2: return generator.next() % 9 == 0 ? 1e140 : 0
            default: return 5
            }
          }
          let verdict = detector.accept(row)
          #expect(0..<1 ~= verdict.score && verdict.tSquared.isFinite)
        }
        let before = detector
        let short = detector.accept([])
        let wrong = detector.accept(Array(repeating: .nan, count: channels))
        #expect(short.score == 0 && short.change == nil && wrong == short)
        #expect(detector == before)
      }
    }
  }

  @Test func `parameters out of range are refused`() {
    #expect(HotellingT2(channels: 0) == nil && HotellingT2(channels: 17) == nil)
    #expect(HotellingT2(channels: 2, threshold: 1) == nil)
    #expect(HotellingT2(channels: 2, holdOff: 0) == nil)
    #expect(HotellingT2(channels: 2, memory: 10) == nil)
  }
}
