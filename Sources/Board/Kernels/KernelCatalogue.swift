/// All kinds of kernels, in the order of their names.
public enum KernelCatalogue {
  /// The kinds.
  public static let all: [any StreamKernel.Type] = [
    EachChannel<AnomalyKernel>.self,
    EachChannel<CUSUMKernel>.self,
    EachChannel<HampelKernel>.self,
    MultivariateKernel.self,
    EachChannel<SeasonalKernel>.self,
    EachChannel<StatisticsKernel>.self,
    EachChannel<ThresholdKernel>.self,
  ]

  /// The kind behind a word of the board file.
  public static func kind(named name: String) -> (any StreamKernel.Type)? {
    all.first { $0.specification.name == name }
  }
}
