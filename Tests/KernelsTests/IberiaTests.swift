import Foundation
import Kernels
import Testing

/// The record of the Iberian blackout of 28 April 2025; its source is beside it.
private struct Row {
  let nanoseconds: Int64
  let volts: Double
  let hertz: Double
}

private func rows() throws -> [Row] {
  let path = String(#filePath.dropLast("IberiaTests.swift".count))
  let text = try String(contentsOfFile: path + "Vectors/iberia_20250428.csv", encoding: .utf8)
  return text.split(separator: "\n").dropFirst().compactMap { line in
    let fields = line.split(separator: ",")
    let parts = fields[0].split(separator: ":").compactMap { Int64($0) }
    guard fields.count == 3, parts.count == 3 else { return nil }
    return Row(
      nanoseconds: clock(parts[0], parts[1], parts[2]), volts: Double(fields[1]) ?? .nan,
      hertz: Double(fields[2]) ?? .nan)
  }
}

private func clock(_ hours: Int64, _ minutes: Int64, _ seconds: Int64) -> Int64 {
  ((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000
}

@Suite struct IberiaTests {
  @Test func `both voltage oscillations are found, and the collapse is none`() throws {
    var detector = try #require(OscillationDetector(.roughness()))
    var (raised, released): ([Int64], [Int64]) = ([], [])
    for row in try rows() {
      switch detector.accept(Sample(nanoseconds: row.nanoseconds, value: row.volts)) {
      case .raised: raised.append(row.nanoseconds)
      case .released: released.append(row.nanoseconds)
      case nil: break
      }
    }
    #expect(raised.count == 2 && released.count == 2)
    // Seen by eye from 12:03:24 to about 12:08 and from 12:19:24 to about 12:22.
    for (time, seen) in zip(raised, [clock(12, 3, 24), clock(12, 19, 24)]) {
      #expect((time - seen).magnitude <= 10_000_000_000)
    }
    for (time, seen) in zip(released, [clock(12, 8, 0), clock(12, 22, 0)]) {
      #expect(time >= seen && time - seen <= 60_000_000_000)
    }
  }

  @Test func `over-voltage, interruption and their times`() throws {
    var options = VoltageEventDetector.Options(nominal: 27_000)
    options.swell = 1.07
    var detector = try #require(VoltageEventDetector(options))
    var swells: [VoltageEvent] = []
    for row in try rows() {
      let change = detector.accept(Sample(nanoseconds: row.nanoseconds, value: row.volts))
      if case .ended(let event)? = change { swells.append(event) }
    }
    #expect(swells.map(\.kind) == [.swell])
    #expect(swells.first?.extreme == 29_077.078)
    #expect(swells.first?.extremeTime == clock(12, 33, 18))
    #expect(detector.event?.kind == .interruption)
    #expect(detector.event?.start == clock(12, 33, 24))
  }

  @Test func `under-frequency, then no frequency without voltage`() throws {
    var options = FrequencyMonitor.Options()
    options.nominalVoltage = 27_000
    options.slopeWindow = 2_000_000_000
    var monitor = try #require(FrequencyMonitor(options))
    var changes: [Int64: FrequencyMonitor.Change] = [:]
    var steepest = 0.0
    for row in try rows() {
      let sample = Sample(nanoseconds: row.nanoseconds, value: row.hertz)
      let update = monitor.accept(sample, voltage: row.volts)
      changes[row.nanoseconds] = update.change
      steepest = min(steepest, update.rateOfChange ?? 0)
      if row.nanoseconds >= clock(12, 33, 24), row.hertz.isFinite {
        #expect(monitor.invalidity == .noVoltage && update.rateOfChange == nil)
      }
    }
    #expect(
      changes == [
        clock(12, 33, 20): .underFrequency(48.556), clock(12, 33, 24): .invalid(.noVoltage),
      ])
    #expect((steepest + 0.673).magnitude < 1e-9)
  }
}
