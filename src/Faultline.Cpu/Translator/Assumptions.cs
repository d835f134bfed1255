namespace Faultline.Cpu.Translator;

/// <summary>What the code of a region takes for granted: where it is not so, the region leaves, and when that happens often, it is made anew without.</summary>
[Flags]
internal enum Assumptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Floating-point operations are routine: they are inline, and otherwise bodies are called.</summary>
    RoutineFloats = 1,

    /// <summary>No access on its own crosses a page: otherwise, two pages whose frames follow one another are as good as one, as they are for groups.</summary>
    OnePage = 2,

    /// <summary>The pages of neighbouring accesses allow them all: these share a check, and otherwise each has its own.</summary>
    Groups = 4,

    /// <summary>x87 operations are routine, and find the stack and the control word as they were at the translation: the registers are in locals.</summary>
    RoutineX87 = 8,

    /// <summary>Pages are at home, so that host addresses follow from guest addresses: otherwise they are looked up.</summary>
    AtHome = 16,

    /// <summary>MXCSR.PE is set: otherwise that is looked at before operations, which leave unless it is.</summary>
    Precise = 32,

    /// <summary>
    /// Numbers are near 1, as exponents go, or zero, so that what is known about results holds round loops and few intermediate ones need a look: otherwise any normal number is as good.
    /// </summary>
    NearFloats = 64,

    /// <summary>
    /// Where pages are at home, what an access may do to its page it may do to the next one, so that nobody asks whether it ends there: otherwise that is looked at.
    /// </summary>
    PagePairs = 128,

    /// <summary>Around RSP pages are at home and allow loads and stores, which is looked at where it may have changed: otherwise accesses to the stack are as any other.</summary>
    StackWindow = 256,

    /// <summary>What accesses to memory rest on: which of it failed is looked into when it has failed often.</summary>
    Accesses = OnePage | Groups | AtHome | PagePairs,

    /// <summary>All of them, as regions begin.</summary>
    All = RoutineFloats | OnePage | Groups | RoutineX87 | AtHome | Precise | NearFloats | PagePairs | StackWindow,
}
