import Buses
import Testing

@testable import LinuxGPIO

private let header = GPIOChip(
  path: "/dev/gpiochip0", name: "gpiochip0", label: "pinctrl-bcm2711", lineCount: 58)
private let expander = GPIOChip(
  path: "/dev/gpiochip1", name: "gpiochip1", label: "raspberrypi-exp-gpio", lineCount: 8)
private let twin = GPIOChip(
  path: "/dev/gpiochip2", name: "gpiochip2", label: "raspberrypi-exp-gpio", lineCount: 8)

/// The failure of a closure, or nil where it succeeded.
private func failure<Value>(_ body: () throws(LineFailure) -> Value) -> LineFailure? {
  do throws(LineFailure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

@Test func `a chip is named by path, name, number or label`() throws {
  let selectors: [(String, GPIOChipSelector)] = [
    ("/dev/gpiochip0", .path("/dev/gpiochip0")), ("gpiochip0", .number(0)), ("4", .number(4)),
    ("gpiochip12", .number(12)), ("pinctrl-bcm2711", .label("pinctrl-bcm2711")),
    ("gpiochip", .label("gpiochip")), ("gpiochip01", .label("gpiochip01")), ("00", .label("00")),
    ("gpiochip-x", .label("gpiochip-x")), ("-1", .label("-1")), ("GPIO", .label("GPIO")),
  ]
  for (text, selector) in selectors {
    #expect(try GPIOChipSelector(parsing: text) == selector)
    #expect(try GPIOChipSelector(parsing: selector.description) == selector)
  }
}

@Test func `a line is named by offset or name`() throws {
  let selectors: [(String, GPIOLineSelector)] = [
    ("0", .offset(0)), ("17", .offset(17)), ("GPIO17", .name("GPIO17")), ("017", .name("017")),
    ("-1", .name("-1")), ("+5", .name("+5")),
    ("99999999999999999999", .name("99999999999999999999")),
  ]
  for (text, selector) in selectors {
    #expect(try GPIOLineSelector(parsing: text) == selector)
    #expect(selector.description == text)
  }
}

@Test(arguments: ["", "a\nb", "\u{0}", "gpiochip0\u{0}"])
func `empty texts and control characters name nothing`(_ text: String) {
  let chip = failure { () throws(LineFailure) in try GPIOChipSelector(parsing: text) }
  #expect(chip?.kind == .noSuchLine)
  #expect(chip?.detail.contains("write a label such as pinctrl-bcm2711") == true)
  let line = failure { () throws(LineFailure) in try GPIOLineSelector(parsing: text) }
  #expect(line?.kind == .noSuchLine)
  #expect(line?.detail.contains("write its number, for example 17") == true)
}

@Test func `a label leads to the one chip that has it`() throws {
  let survey = GPIOChip.Survey(chips: [header, expander])
  #expect(
    try GPIOChipSelector.label("raspberrypi-exp-gpio").path(among: survey) == "/dev/gpiochip1")
  #expect(try GPIOChipSelector.number(3).path(among: survey) == "/dev/gpiochip3")
  #expect(try GPIOChipSelector.path("/x").path(among: survey) == "/x")
}

@Test func `a label that no chip has is refused with the labels that there are`() {
  let survey = GPIOChip.Survey(chips: [header, expander])
  let failure = failure { () throws(LineFailure) in
    try GPIOChipSelector.label("pinctrl-rp1").path(among: survey)
  }
  #expect(
    failure
      == LineFailure(
        .noSuchLine,
        detail: "no chip has the label 'pinctrl-rp1'; there are gpiochip0 (pinctrl-bcm2711), "
          + "gpiochip1 (raspberrypi-exp-gpio)"))
}

@Test func `a label that two chips have is refused with their names`() {
  let survey = GPIOChip.Survey(chips: [header, expander, twin])
  let failure = failure { () throws(LineFailure) in
    try GPIOChipSelector.label("raspberrypi-exp-gpio").path(among: survey)
  }
  #expect(failure?.kind == .noSuchLine)
  #expect(failure?.detail.hasPrefix("gpiochip1, gpiochip2 all have the label") == true)
}

@Test func `a survey tells what there is and what is closed`() {
  #expect(GPIOChip.Survey().text == "this machine has no GPIO chip")
  #expect(
    GPIOChip.Survey(chips: [], closedPaths: ["/dev/gpiochip0"]).text
      == "no permission to open /dev/gpiochip0")
  #expect(
    GPIOChip.Survey(chips: [header], closedPaths: ["/dev/gpiochip1"]).text
      == "there are gpiochip0 (pinctrl-bcm2711); no permission to open /dev/gpiochip1")
}

@Test func `an offset must be one of the chip's`() throws {
  let none = { () throws(LineFailure) -> [String] in [] }
  #expect(try GPIOLineSelector.offset(0).offset(on: header, names: none) == 0)
  #expect(try GPIOLineSelector.offset(57).offset(on: header, names: none) == 57)
  for offset in [58, -1, Int.max] {
    let failure = failure { () throws(LineFailure) in
      try GPIOLineSelector.offset(offset).offset(on: header, names: none)
    }
    #expect(
      failure
        == LineFailure(
          .noSuchLine,
          detail: "gpiochip0 (pinctrl-bcm2711) has no line \(offset), it has the lines 0 to 57"))
  }
}

@Test func `a name leads to the one line that has it`() throws {
  let names = { () throws(LineFailure) -> [String] in ["ID_SDA", "", "GPIO2", "", "X", "X"] }
  #expect(try GPIOLineSelector.name("GPIO2").offset(on: header, names: names) == 2)
  let missing = failure { () throws(LineFailure) in
    try GPIOLineSelector.name("GPIO3").offset(on: header, names: names)
  }
  #expect(missing?.kind == .noSuchLine)
  #expect(missing?.detail.hasSuffix("it has ID_SDA, GPIO2, X, X") == true)
  let twice = failure { () throws(LineFailure) in
    try GPIOLineSelector.name("X").offset(on: header, names: names)
  }
  #expect(twice?.detail.hasPrefix("the lines 4, 5 of gpiochip0 are all named 'X'") == true)
  let nameless = failure { () throws(LineFailure) in
    try GPIOLineSelector.name("X").offset(on: expander) { () throws(LineFailure) in ["", ""] }
  }
  #expect(nameless?.detail.hasSuffix("its lines have no names, write the number") == true)
}
