import Buses
import Foundation
import LinuxGPIO
import Testing

/// Tests that need the kernel's gpio-sim; a machine without it reports them as skipped.
///
/// `CAIRN_GPIO_SIM` is the simulated chip's directory in sysfs, which has `sim_gpio0` and so on.
/// The chip has 8 lines, the label `cairn-sim` and a line 2 that is named `doorbell`.
private let simulator = ProcessInfo.processInfo.environment["CAIRN_GPIO_SIM"] ?? ""

/// Sets a line's level from outside and lets the kernel notice.
///
/// The simulator raises its interrupts from the next clock tick on some architectures, so that two
/// changes within a tick would be one.
private func pull(_ line: Int, up: Bool) throws {
  let url = URL(fileURLWithPath: "\(simulator)/sim_gpio\(line)/pull")
  try Data((up ? "pull-up" : "pull-down").utf8).write(to: url)
  Thread.sleep(forTimeInterval: 0.05)
}

/// Whether the simulator sees a line driven high.
private func isHigh(_ line: Int) throws -> Bool {
  let url = URL(fileURLWithPath: "\(simulator)/sim_gpio\(line)/value")
  return String(decoding: try Data(contentsOf: url), as: UTF8.self).hasPrefix("1")
}

private func chip() throws -> GPIOChip {
  try #require(GPIOChip.chips().first { $0.label == "cairn-sim" })
}

@Suite(
  .serialized,
  .enabled(if: !simulator.isEmpty, "no gpio-sim: CAIRN_GPIO_SIM does not name its directory"))
struct `On the kernel's gpio-sim` {
  @Test func `the chip is listed with its lines`() throws {
    let chip = try chip()
    #expect(chip.lineCount == 8)
    let lines = try chip.lines()
    #expect(lines.map(\.offset) == Array(0..<8))
    #expect(lines[2].name == "doorbell")
    #expect(!lines[2].isUsed)
  }

  @Test func `a line is found by label and name, path and offset, and has the level it is given`()
    throws
  {
    let chip = try chip()
    let ways: [(GPIOChipSelector, GPIOLineSelector)] = [
      (.label("cairn-sim"), .name("doorbell")), (.path(chip.path), .offset(2)),
      (try GPIOChipSelector(parsing: chip.name), .offset(2)),
    ]
    for (chip, line) in ways {
      var input = try LinuxInputLine(chip: chip, line: line)
      try pull(2, up: true)
      #expect(try input.level())
      try pull(2, up: false)
      #expect(try !input.level())
    }
  }

  @Test func `edges come in order with rising times, and no edge is nil`() throws {
    try pull(2, up: false)
    var input = try LinuxInputLine(chip: .label("cairn-sim"), line: .offset(2))
    #expect(try input.nextEdge(within: .milliseconds(20)) == nil)
    for up in [true, false, true, false] { try pull(2, up: up) }
    var edges: [LineEdge] = []
    while let edge = try input.nextEdge(within: .milliseconds(200)) { edges.append(edge) }
    #expect(edges.map(\.direction) == [.rising, .falling, .rising, .falling])
    #expect(edges.map(\.timestamp) == edges.map(\.timestamp).sorted())
    #expect(Set(edges.map(\.timestamp)).count == 4)
    #expect(try input.nextEdge(within: .zero) == nil)
  }

  @Test func `only the edges that were asked for come, turned round where the line is active low`()
    throws
  {
    let expectations: [(LinuxInputLine.Edges, Bool, [LineEdge.Direction])] = [
      (.rising, false, [.rising, .rising]), (.falling, false, [.falling, .falling]),
      (.rising, true, [.rising, .rising]), (.both, true, [.falling, .rising, .falling, .rising]),
    ]
    for (edges, isActiveLow, expected) in expectations {
      try pull(2, up: false)
      var input = try LinuxInputLine(
        chip: .label("cairn-sim"), line: .offset(2), isActiveLow: isActiveLow, edges: edges)
      #expect(try input.level() == isActiveLow)
      for up in [true, false, true, false] { try pull(2, up: up) }
      var directions: [LineEdge.Direction] = []
      while let edge = try input.nextEdge(within: .milliseconds(100)) {
        directions.append(edge.direction)
      }
      #expect(directions == expected)
    }
  }

  @Test func `a line without edges has a level and no edges`() throws {
    var input = try LinuxInputLine(chip: .label("cairn-sim"), line: .offset(3), edges: .none)
    try pull(3, up: true)
    #expect(try input.level())
    do throws(LineFailure) {
      _ = try input.nextEdge(within: .zero)
      Issue.record("an edge was waited for")
    } catch {
      #expect(error.kind == .unsupported)
    }
  }

  @Test func `a bias pulls the line`() throws {
    for (bias, isUp) in [(LineBias.pullUp, true), (.pullDown, false)] {
      var input = try LinuxInputLine(chip: .label("cairn-sim"), line: .offset(4), bias: bias)
      #expect(try input.level() == isUp)
    }
  }

  @Test func `an output has its first level at once and its safe level in the end`() throws {
    for safe in [false, true] {
      do {
        var output = try LinuxOutputLine(
          chip: .label("cairn-sim"), line: .offset(5), initially: !safe, safe: safe)
        #expect(try isHigh(5) == !safe)
        try output.drive(active: safe)
        #expect(try isHigh(5) == safe)
        try output.drive(active: !safe)
        try output.close()
      }
      let output = try LinuxOutputLine(
        chip: .label("cairn-sim"), line: .offset(5), initially: false, safe: safe,
        isActiveLow: true)
      #expect(try isHigh(5))
      _ = consume output
    }
  }

  @Test func `a line that is held is busy, and its holder is named`() throws {
    let first = try LinuxInputLine(
      chip: .label("cairn-sim"), line: .offset(6), consumer: "the first")
    #expect(try chip().lines()[6].consumer == "the first")
    #expect(try chip().lines()[6].isUsed)
    do throws(LineFailure) {
      _ = try LinuxOutputLine(
        chip: .label("cairn-sim"), line: .offset(6), initially: false, safe: false)
      Issue.record("a line was given to two")
    } catch {
      #expect(error.kind == .busy)
      #expect(error.detail.hasSuffix("line 6 is held by 'the first'"))
    }
    _ = consume first
    #expect(try !chip().lines()[6].isUsed)
  }

  @Test func `a line that the chip lacks is refused with those that it has`() throws {
    do throws(LineFailure) {
      _ = try LinuxInputLine(chip: .label("cairn-sim"), line: .offset(8))
      Issue.record("a ninth line was found")
    } catch {
      #expect(error.kind == .noSuchLine)
      #expect(error.detail.hasSuffix("has no line 8, it has the lines 0 to 7"))
    }
  }
}
