namespace Faultline.Explain.Findings;

/// <summary>How sure a finding is of its cause.</summary>
internal enum Confidence
{
    /// <summary>The evidence fits, and so do other causes.</summary>
    Possible,

    /// <summary>The evidence fits this cause better than any other that is known.</summary>
    Likely,

    /// <summary>The evidence leaves no other explanation: it can be recomputed from the bytes that are quoted.</summary>
    Certain,
}
