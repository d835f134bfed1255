namespace Faultline.Cpu.Translator;

/// <summary>
/// A stretch of hot guest code of one address space that is translated as one method: several blocks, loops closed inside.
/// </summary>
internal sealed class Region
{
    /// <summary>Guest address of the block that was hot.</summary>
    public required ulong Start { get; init; }

    /// <summary>The blocks in the order of emission.</summary>
    public required IReadOnlyList<RegionBlock> Blocks { get; set; }

    /// <summary>Guest addresses at which it can be entered; the first is <see cref="Start"/>.</summary>
    public required IReadOnlyList<ulong> Entries { get; init; }

    /// <summary>Addresses outside to which control often goes from here.</summary>
    public required IReadOnlySet<ulong> HotExits { get; init; }

    /// <summary>Guest pages whose bytes were translated.</summary>
    public required IReadOnlySet<ulong> Pages { get; init; }

    /// <summary>Guest instructions in it.</summary>
    public required int InstructionCount { get; init; }

    /// <summary>Where its blocks begin, with what each weighs, as <see cref="RegionBuilder"/> has it.</summary>
    public required IReadOnlyDictionary<ulong, int> Leaders { get; init; }

    /// <summary>The blocks that computed jumps find (see <see cref="RegionBlock.IsComputed"/>).</summary>
    public IReadOnlyList<ulong> Computed { get; init; } = [];

    /// <summary>The others it is made of, whose place it takes at its entries; none where it was made of blocks that got hot.</summary>
    public IReadOnlyList<Region> MadeOf { get; init; } = [];

    /// <summary>Whether it joins others.</summary>
    public bool IsJoined => MadeOf.Count > 1;

    /// <summary>What it may be joined to weighs no more than this: less than what turned out too large for the JIT.</summary>
    public int MaxJoinedWeight { get; set; } = RegionBuilder.MaxJoinedWeight;

    /// <summary>The region that it is made instead of, because that leaves too often; it serves until this one is installed.</summary>
    public Region? Replaces { get; set; }

    /// <summary>Whether another is being made instead of it.</summary>
    public bool IsBeingReplaced { get; set; }

    /// <summary>What its code takes for granted.</summary>
    public required Assumptions Assumes { get; init; }

    /// <summary>How far below RSP, as it was looked at, accesses go that are not looked at, in bytes.</summary>
    public int StackBelow { get; init; }

    /// <summary>How far above it they end.</summary>
    public int StackAbove { get; init; }

    /// <summary>Whether floating-point operations are inline and leave the region when they are not routine; otherwise bodies are called.</summary>
    public bool InlinesFloats => (Assumes & Assumptions.RoutineFloats) != 0;

    /// <summary>Whether x87 registers are locals and their common operations inline; otherwise bodies are called.</summary>
    public bool InlinesX87 => (Assumes & Assumptions.RoutineX87) != 0;

    /// <summary>Whether its pages are still as they were; cleared by whoever changes them.</summary>
    public bool IsValid { get; set; } = true;

    /// <summary>What was translated, as addresses and bytes, for others to compare with; empty where the code is not to be shared.</summary>
    public IReadOnlyList<(ulong Address, byte[] Bytes)> Text { get; set; } = [];

    /// <summary>The compiled code; null until there is one.</summary>
    public TranslatedCode? Code { get; set; }

    /// <summary>Time that translating and compiling it took.</summary>
    public TimeSpan CompileTime { get; set; }

    /// <summary>What it counts into; null when it is not profiled.</summary>
    public Profiling.RegionProfile? Profile { get; set; }

    /// <summary>Drops what only the translation needed.</summary>
    public void Forget() => Blocks = [];

    /// <summary>Operations that the code refers to, which frees them.</summary>
    public Interpreter.OperationArena Operations { get; } = new(chunkOperations: 16);
}
