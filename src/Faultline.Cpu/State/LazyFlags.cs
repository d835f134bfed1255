namespace Faultline.Cpu.State;

/// <summary>A copy of the status flags in their lazy form, for instructions that may have to start over.</summary>
internal readonly unsafe record struct LazyFlags(FlagsKind Kind, ulong A, ulong B, long Result, uint Rflags)
{
    /// <summary>The flags as they are.</summary>
    public static LazyFlags Of(CpuState* s) => new(s->LazyKind, s->LazyA, s->LazyB, s->LazyResult, s->Rflags);

    /// <summary>Puts them back.</summary>
    public void Restore(CpuState* s)
    {
        s->LazyKind = Kind;
        s->LazyA = A;
        s->LazyB = B;
        s->LazyResult = Result;
        s->Rflags = Rflags;
    }
}
