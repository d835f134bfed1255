namespace Faultline.Tests.Guest;

/// <summary>Tests that measure what the whole process has: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>How tests name the collection.</summary>
    public const string Name = "alone";
}
