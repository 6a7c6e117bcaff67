public import Kernels

/// All kernels of a board, and which channels each listens to.
public struct KernelRow: Sendable {
  /// What a kernel gave, with its name.
  public struct Output: Hashable, Sendable {
    /// The kernel's name.
    public let kernel: String
    /// What it gave.
    public let output: KernelOutput
  }

  private struct Listener: Sendable {
    let kernel: Int
    let input: Int
  }

  private let declarations: [KernelDeclaration]
  private var kernels: [any StreamKernel]
  private let listeners: [ChannelReference: [Listener]]

  /// Kernels that have seen nothing yet.
  public init(_ declarations: [KernelDeclaration]) {
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
  public mutating func accept(_ sample: Sample, of channel: ChannelReference) -> [Output] {
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
  public mutating func advance(to nanoseconds: Int64) -> [Output] {
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
  public mutating func restart() {
    kernels = declarations.map { $0.kernel }
  }
}
