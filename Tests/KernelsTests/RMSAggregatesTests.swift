import Kernels
import Testing

@Suite struct RMSAggregatesTests {
  private let length: Int64 = 200_000_000

  @Test func `aggregates are the root of the mean of the squares`() throws {
    var aggregates = RMSAggregates()
    var three: [RMSAggregates.Aggregate] = []
    var ten: [RMSAggregates.Aggregate] = []
    var two: [RMSAggregates.Aggregate] = []
    for index in 0...36_000 as ClosedRange<Int64> {
      let update = aggregates.accept(
        start: index * length, end: (index + 1) * length, rms: index % 2 == 0 ? 220 : 240,
        isFlagged: index == 4000)
      if let value = update.threeSeconds { three.append(value) }
      if let value = update.tenMinutes { ten.append(value) }
      if let value = update.twoHours { two.append(value) }
    }
    let mean = ((220.0 * 220 + 240 * 240) / 2).squareRoot()
    #expect(three.count == 2400 && ten.count == 12 && two.count == 1)
    #expect(three[0].parts == 15 && three[0].end == 3_000_000_000)
    #expect((three[0].rms - ((8 * 220.0 * 220 + 7 * 240 * 240) / 15).squareRoot()).magnitude < 1e-9)
    for (index, value) in ten.enumerated() {
      #expect((value.rms - mean).magnitude < 1e-9 && value.parts == 3000)
      #expect(value.isFlagged == (index == 1))
      #expect(value.start == Int64(index) * 600_000_000_000)
    }
    #expect(three.filter(\.isFlagged).count == 1)
    #expect(two[0].parts == 12 && two[0].isFlagged && (two[0].rms - mean).magnitude < 1e-9)
  }

  @Test func `what is missing flags the interval, and late blocks are left out`() {
    var aggregates = RMSAggregates()
    var ten: [RMSAggregates.Aggregate] = []
    var three = 0
    for index in 0...9000 as ClosedRange<Int64> where !(4000..<4010).contains(index) {
      let update = aggregates.accept(
        start: index * length, end: (index + 1) * length, rms: index == 8000 ? .nan : 230)
      if let value = update.tenMinutes { ten.append(value) }
      if update.threeSeconds != nil { three += 1 }
    }
    #expect(ten.map(\.parts) == [3000, 2990, 2999])
    #expect(ten.map(\.isFlagged) == [false, true, true])
    // 4000 blocks, 3990 up to the value that is none, and 1000 behind it.
    #expect(three == 4000 / 15 + 3990 / 15 + 1000 / 15)
    _ = aggregates.accept(start: 8999 * length, end: 9000 * length, rms: 1)
    _ = aggregates.accept(start: 9001 * length, end: 9001 * length, rms: 1)
    #expect(aggregates.leftOut == 3)
  }

  @Test func `never traps, and gives a mean between the extremes`() {
    var generator = SplitMix(state: 41)
    var aggregates = RMSAggregates()
    var time: Int64 = 0
    for _ in 0..<50_000 {
      time = GridTimeForTests.add(time, length)
      if generator.next() % 1000 == 0 { time = Int64(bitPattern: generator.next()) }
      let end = GridTimeForTests.add(time, length)
      let value =
        generator.next() % 100 == 0
        ? Double(bitPattern: generator.next()) : 200 + Double(generator.next() % 60)
      let update = aggregates.accept(
        start: time, end: end, rms: value < 200 ? .nan : min(value, 260))
      for part in [update.threeSeconds, update.tenMinutes, update.twoHours].compactMap({ $0 }) {
        #expect(part.rms > 199.999 && part.rms < 260.001)
      }
    }
  }
}
