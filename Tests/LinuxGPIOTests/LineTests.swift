import Buses
import Testing

@testable import LinuxGPIO

private func inputFailure(
  chip: GPIOChipSelector, consumer: String = "cairn"
) -> LineFailure? {
  do throws(LineFailure) {
    _ = try LinuxInputLine(chip: chip, line: .offset(0), consumer: consumer)
    return nil
  } catch {
    return error
  }
}

private func outputFailure(chip: GPIOChipSelector) -> LineFailure? {
  do throws(LineFailure) {
    _ = try LinuxOutputLine(chip: chip, line: .offset(0), initially: false, safe: false)
    return nil
  } catch {
    return error
  }
}

@Test(arguments: [
  GPIOChipSelector.path("/dev/gpiochip-that-is-missing"), .number(4095),
  .label("no driver has this label"),
])
func `a chip that is missing is refused with those that there are`(_ chip: GPIOChipSelector) {
  for failure in [inputFailure(chip: chip), outputFailure(chip: chip)] {
    #expect(failure?.kind == .noSuchLine)
    let detail = failure?.detail ?? ""
    let present = GPIOChip.chips()
    for chip in present { #expect(detail.contains("\(chip.name) (\(chip.label))")) }
    if present.isEmpty { #expect(detail.contains("GPIO chip") || detail.contains("permission")) }
  }
}

@Test func `a path to something else is not a chip`() {
  let failure = inputFailure(chip: .path("/dev/null"))
  #expect(failure?.kind == .noSuchLine)
  #expect(failure?.detail.hasPrefix("/dev/null is not a GPIO chip; ") == true)
}

@Test func `a consumer's name must fit the kernel's field`() {
  for consumer in ["", String(repeating: "c", count: 32), "a\nb"] {
    let failure = inputFailure(chip: .path("/dev/null"), consumer: consumer)
    #expect(failure?.kind == .other)
    #expect(failure?.detail.contains("1 to 31 bytes") == true)
  }
  let longest = String(repeating: "c", count: 31)
  #expect(inputFailure(chip: .path("/dev/null"), consumer: longest)?.kind == .noSuchLine)
}

@Test func `an errno of a request becomes a kind that can be acted on`() {
  // Numbers of asm-generic/errno.h.
  let meanings: [(Int32, LineFailure.Kind)] = [
    (16, .busy), (95, .unsupported), (6, .unsupported), (25, .unsupported), (22, .unsupported),
    (19, .deviceGone), (5, .other), (13, .other), (12, .other), (4242, .other),
  ]
  for (code, kind) in meanings {
    let failure = LineFailure(errno: code, requesting: "/dev/gpiochip0 line 17", heldBy: nil)
    #expect(failure.kind == kind)
    #expect(failure.detail.contains("/dev/gpiochip0 line 17"))
  }
}

@Test func `a busy line names its holder where the kernel does`() {
  let known = LineFailure(errno: 16, requesting: "/dev/gpiochip0 line 4", heldBy: "onewire@0")
  #expect(known.detail == "/dev/gpiochip0 line 4 is held by 'onewire@0'")
  let unknown = LineFailure(errno: 16, requesting: "/dev/gpiochip0 line 4", heldBy: nil)
  #expect(unknown.detail == "/dev/gpiochip0 line 4 is held by another program or the kernel")
}

@Test func `an errno of a line in use becomes a kind that can be acted on`() {
  let meanings: [(Int32, LineFailure.Kind)] = [
    (19, .deviceGone), (9, .deviceGone), (95, .unsupported), (5, .other), (4242, .other),
  ]
  for (code, kind) in meanings {
    #expect(LineFailure(errno: code, using: "line 1").kind == kind)
  }
  #expect(LineFailure(errno: 4242, using: "line 1").detail == "line 1: errno 4242")
}

@Test func `a forbidden chip says which membership helps`() {
  let failure = LineFailure(errno: 13, openingChipAt: "/dev/gpiochip0")
  #expect(failure.kind == .other)
  #expect(failure.detail.contains("no permission to open /dev/gpiochip0"))
}

@Test func `time limits become nanoseconds without overflow`() {
  let limits: [(Duration, Int64)] = [
    (.zero, 0), (.seconds(-1), 0), (.nanoseconds(-1), 0), (.nanoseconds(1), 1),
    (.milliseconds(20), 20_000_000), (.seconds(2), 2_000_000_000),
    (Duration(secondsComponent: 0, attosecondsComponent: 1), 1),
    (.seconds(Int64.max), .max), (.seconds(9_223_372_037), .max),
  ]
  for (limit, nanoseconds) in limits {
    #expect(LinuxInputLine.nanoseconds(limit) == nanoseconds)
  }
}

@Test func `biases and edges have the shim's numbers`() {
  // As in cairn_gpio.h.
  #expect(LineBias.allCases.map(LineHandle.number(of:)).sorted() == [0, 1, 2, 3])
  #expect(LineHandle.number(of: .asIs) == 0)
  #expect(LineHandle.number(of: .disabled) == 1)
  #expect(LineHandle.number(of: .pullUp) == 2)
  #expect(LineHandle.number(of: .pullDown) == 3)
  #expect(LinuxInputLine.Edges.none.number == 0)
  #expect(LinuxInputLine.Edges.rising.number == 1)
  #expect(LinuxInputLine.Edges.falling.number == 2)
  #expect(LinuxInputLine.Edges.both.number == 3)
}

@Test func `listed chips can be asked for their lines`() throws {
  for chip in GPIOChip.chips() {
    #expect(try chip.lines().count == chip.lineCount)
  }
}
