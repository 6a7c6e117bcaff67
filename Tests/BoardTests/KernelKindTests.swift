import Board
import Configuration
import Kernels
import Quantities
import Testing

/// What happens to a kernel, in its order.
private enum Step {
  case sample(Sample, input: Int)
  case advance(Int64)
}

/// Random streams as sensors give them at their worst: missing and infinite values, stamps that
/// repeat, go back and jump.
private struct RandomStreams {
  var generator: SplitMix
  let variant: KernelVariant
  let inputs: Int

  mutating func chance(_ percent: UInt64) -> Bool { generator.next() % 100 < percent }

  mutating func value(at nanoseconds: Int64, _ index: Int) -> Double {
    if chance(3) {
      return [.nan, .infinity, -.infinity, 1e300, -1e300, 0, -0.0, .leastNonzeroMagnitude][
        Int(generator.next() % 8)]
    }
    let noise = Double(generator.next() % 2001) / 1000 - 1
    // Sampled quickly, it is the mains; else something that swings and now and then stands still.
    let phase =
      variant.step < 100_000_000
      ? Double(nanoseconds % 20_000_000) / 20_000_000 * 6.283185307179586
      : Double(index % 60) / 60 * 6.283185307179586
    let place = phase - Double(Int(phase / 3.141592653589793)) * 3.141592653589793
    // Bhaskara's approximation of the sine, close enough to be a wave.
    let bow = 16 * place * (3.141592653589793 - place)
    let sine = bow / (49.3480220054468 - 4 * place * (3.141592653589793 - place))
    let wave = phase < 3.141592653589793 ? sine : -sine
    let isStill = (index / 40) % 5 == 4
    let size = variant.step < 100_000_000 ? 0.01 : 0.3
    return variant.level + variant.swing * (isStill ? 0.5 : wave + size * noise)
  }

  mutating func steps(_ count: Int, advancing: Bool = false) -> [Step] {
    var steps: [Step] = []
    var newest: Int64 = 1_700_000_000 * second
    var time = newest
    for index in 0..<count {
      switch generator.next() % 200 {
      case 0...3: break
      case 4...5: time -= variant.step * Int64(generator.next() % 10 + 1)
      case 6: time += variant.step * Int64(generator.next() % 1000 + 1)
      case 7...60 where variant.step >= 100_000_000:
        time += variant.step + Int64(generator.next() % UInt64(variant.step)) / 5
      default: time = max(time, newest) + variant.step
      }
      if advancing, time > newest, chance(40) {
        let span = UInt64(time - newest)
        steps.append(.advance(newest + Int64(generator.next() % (span + 1))))
        if chance(50) { steps.append(.advance(time)) }
      }
      for input in 0..<inputs where inputs == 1 || !chance(4) {
        let value = value(at: time, index) + Double(input) * 0.1
        steps.append(.sample(Sample(nanoseconds: time, value: value), input: input))
      }
      newest = max(newest, time)
    }
    return steps
  }
}

private func streams(_ declaration: KernelDeclaration, _ variant: KernelVariant, seed: UInt64 = 1)
  -> RandomStreams
{
  RandomStreams(
    generator: SplitMix(state: seed), variant: variant, inputs: declaration.inputs.count)
}

extension StreamKernel {
  fileprivate mutating func take(_ step: Step, into outputs: inout KernelOutputs) {
    switch step {
    case .sample(let sample, let input): accept(sample, input: input, into: &outputs)
    case .advance(let time): advance(to: time, into: &outputs)
    }
  }
}

private func given(
  by declaration: KernelDeclaration, _ steps: some Sequence<Step>
) -> [KernelOutputs.Given] {
  var kernel = declaration.kernel
  var outputs = KernelOutputs()
  for step in steps { kernel.take(step, into: &outputs) }
  kernel.finish(into: &outputs)
  return outputs.given
}

@Suite struct KernelKindTests {
  // MARK: What a kind says of itself

  @Test func `every kind has its own name, and is found by it`() {
    let names = KernelCatalogue.all.map { $0.specification.name }
    #expect(names == Set(names).sorted() && names.count == 51)
    for name in names { #expect(KernelCatalogue.kind(named: name)?.specification.name == name) }
    #expect(KernelCatalogue.kind(named: "mean") == nil)
    #expect(Set(KernelVariant.all.map(\.kind)) == Set(names))
  }

  @Test(arguments: KernelCatalogue.all.map { $0.specification.name })
  func `a kind can be made from the examples of its keys, or says which must fit`(
    _ name: String
  ) throws {
    let kind = try #require(KernelCatalogue.kind(named: name)).specification
    let variant = KernelVariant(name, KernelVariant.examples(kind))
    if KernelVariant.together[name] == nil {
      let declaration = try variant.declaration()
      #expect(declaration.specification.name == name && !declaration.outputs.isEmpty)
      return
    }
    // What is said then shows what to write.
    do {
      _ = try variant.declaration()
      Issue.record("the examples do")
    } catch let errors as BoardFileErrors {
      #expect(errors.diagnostics.count == 1)
      for diagnostic in errors.diagnostics { #expect(diagnostic.remedy.hasPrefix("write ")) }
    }
  }

  @Test(arguments: KernelCatalogue.all.map { $0.specification.name })
  func `writing a default is the same as leaving it out`(_ name: String) throws {
    let kind = try #require(KernelCatalogue.kind(named: name)).specification
    let variant = KernelVariant.least(kind)
    let parameters = try variant.declaration().parameters.map { "\($0.name)=\($0.text)" }
    for option in kind.options {
      #expect(!option.help.isEmpty && !option.help.hasSuffix("."))
      guard case .standard(let text) = option.absence else { continue }
      #expect(parameters.contains { $0.hasPrefix("\(option.name)=") })
      let written = try variant.declaration(adding: "\(option.name): \(text)").parameters
      #expect(written.map { "\($0.name)=\($0.text)" } == parameters, "\(option.name)")
    }
  }

  @Test(arguments: KernelCatalogue.all.map { $0.specification.name })
  func `outputs are those of the specification, in its order`(_ name: String) throws {
    let kind = try #require(KernelCatalogue.kind(named: name)).specification
    let promised = kind.outputs.map(\.name)
    #expect(Set(promised).count == promised.count)
    var seen: Set<String> = []
    for variant in KernelVariant.all where variant.kind == name {
      let names = try variant.declaration().outputs.map(\.name)
      #expect(names == promised.filter { names.contains($0) }, "\(variant)")
      seen.formUnion(names)
    }
    #expect(seen == Set(promised))
    for output in kind.outputs { #expect(!output.help.isEmpty && !output.help.hasSuffix(".")) }
  }

  // MARK: Streams

  @Test(arguments: KernelVariant.all)
  func `batches and copies change nothing, and nothing is given that is not finite`(
    _ variant: KernelVariant
  ) throws {
    let declaration = try variant.declaration()
    var streams = streams(declaration, variant)
    let steps = streams.steps(2500)
    let whole = given(by: declaration, steps)
    #expect(!whole.isEmpty)
    for given in whole {
      switch given {
      case .value(let output, let value, _, let lag):
        #expect(declaration.outputs.indices.contains(output) && value.isFinite && lag >= 0)
      case .event(let event):
        #expect(event.value.isFinite && !event.reason.isEmpty)
        #expect(declaration.inputs.contains(event.subject))
      }
    }
    // A copy that hears something else must not be felt by the one it was made of.
    var parts: [KernelOutputs.Given] = []
    var kernel = declaration.kernel
    var rest = steps[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Int(streams.generator.next() % 97))
      rest = rest.dropFirst(batch.count)
      var outputs = KernelOutputs()
      for step in batch { kernel.take(step, into: &outputs) }
      parts += outputs.given
      var (copy, noise) = (kernel, KernelOutputs())
      for step in rest.suffix(5) { copy.take(step, into: &noise) }
      copy.finish(into: &noise)
    }
    var last = KernelOutputs()
    kernel.finish(into: &last)
    #expect(parts + last.given == whole)
  }

  @Test(arguments: KernelVariant.all)
  func `time that is told between samples changes nothing`(_ variant: KernelVariant) throws {
    let declaration = try variant.declaration()
    var streams = streams(declaration, variant, seed: 2)
    let steps = streams.steps(2500, advancing: true)
    let samples = steps.filter { if case .sample = $0 { true } else { false } }
    #expect(samples.count < steps.count)
    let (told, untold) = (given(by: declaration, steps), given(by: declaration, samples))
    // Of beats that time alone brings, a sample brings the last one only.
    if variant.kind == "heartbeat" {
      #expect(Set(told).isSuperset(of: untold) && told.count > untold.count)
    } else {
      #expect(told == untold)
    }
  }

  @Test(arguments: KernelVariant.all)
  func `the same time told twice, and a second end, give nothing more`(
    _ variant: KernelVariant
  ) throws {
    let declaration = try variant.declaration()
    var streams = streams(declaration, variant, seed: 3)
    var kernel = declaration.kernel
    var newest = Int64.min
    for (index, step) in streams.steps(600).enumerated() {
      var outputs = KernelOutputs()
      kernel.take(step, into: &outputs)
      if case .sample(let sample, _) = step { newest = max(newest, sample.nanoseconds) }
      guard index % 7 == 0 else { continue }
      kernel.advance(to: newest + variant.step / 2, into: &outputs)
      var again = KernelOutputs()
      kernel.advance(to: newest + variant.step / 2, into: &again)
      kernel.advance(to: newest, into: &again)
      #expect(again.given.isEmpty)
    }
    var outputs = KernelOutputs()
    kernel.finish(into: &outputs)
    var again = KernelOutputs()
    kernel.finish(into: &again)
    #expect(again.given.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)), arguments: KernelVariant.all)
  func `no times and values make a kernel trap or run for ever`(_ variant: KernelVariant) throws {
    let declaration = try variant.declaration()
    let times: [Int64] = [
      .min, .min + 1, -second, -1, 0, 1, second, 1_700_000_000 * second, .max - 1, .max,
    ]
    let values: [Double] = [
      0, -0.0, 1, -1, 20, .leastNonzeroMagnitude, 1e300, -1e300, .greatestFiniteMagnitude,
      .infinity, -.infinity,
      .nan, 9_007_199_254_740_992, 1e19, -1e19, 2.5,
    ]
    var generator = SplitMix(state: 4)
    var kernel = declaration.kernel
    for round in 0..<400 {
      var outputs = KernelOutputs()
      let time = times[Int(generator.next() % UInt64(times.count))]
      if round % 9 == 8 {
        kernel.advance(to: time, into: &outputs)
      } else {
        for input in declaration.inputs.indices {
          let value = values[Int(generator.next() % UInt64(values.count))]
          kernel.accept(Sample(nanoseconds: time, value: value), input: input, into: &outputs)
        }
      }
      for case .value(_, let value, _, _) in outputs.given { #expect(value.isFinite) }
      if round % 100 == 99 { kernel = declaration.kernel }
    }
    var outputs = KernelOutputs()
    kernel.finish(into: &outputs)
  }
}
