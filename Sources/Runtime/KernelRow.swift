import Board
import Kernels

/// All kernels of a board, and which channels each listens to.
struct KernelRow {
  /// What a kernel gave, with its name.
  struct Output {
    let kernel: String
    let output: KernelOutput
  }

  private struct Listener {
    let kernel: Int
    let input: Int
  }

  private let declarations: [KernelDeclaration]
  private var kernels: [any StreamKernel]
  private let listeners: [ChannelReference: [Listener]]

  init(_ declarations: [KernelDeclaration]) {
    self.declarations = declarations
    kernels = declarations.map { $0.kernel }
    var listeners: [ChannelReference: [Listener]] = [:]
    for (kernel, declaration) in declarations.enumerated() {
      for (input, channel) in declaration.inputs.enumerated() {
        listeners[channel, default: []].append(Listener(kernel: kernel, input: input))
      }
    }
    self.listeners = listeners
  }

  /// Gives a sample of a channel to the kernels that listen to it.
  mutating func accept(_ sample: Sample, of channel: ChannelReference) -> [Output] {
    var outputs: [Output] = []
    for listener in listeners[channel] ?? [] {
      var given: [KernelOutput] = []
      kernels[listener.kernel].accept(sample, input: listener.input, into: &given)
      for output in given {
        outputs.append(Output(kernel: declarations[listener.kernel].name, output: output))
      }
    }
    return outputs
  }

  /// Tells all kernels how late it is.
  mutating func advance(to nanoseconds: Int64) -> [Output] {
    var outputs: [Output] = []
    for index in kernels.indices {
      var given: [KernelOutput] = []
      kernels[index].advance(to: nanoseconds, into: &given)
      for output in given {
        outputs.append(Output(kernel: declarations[index].name, output: output))
      }
    }
    return outputs
  }

  /// Forgets everything, as after a step of the clock.
  mutating func restart() {
    kernels = declarations.map { $0.kernel }
  }
}
