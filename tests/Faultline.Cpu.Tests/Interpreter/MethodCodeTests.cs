using System.Runtime.CompilerServices;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.Tests.Float;

namespace Faultline.Cpu.Tests.Interpreter;

/// <summary>Handlers are called at their code where the runtime's stub before it is one of those known.</summary>
public unsafe class MethodCodeTests
{
    /// <summary>A test that fails says that this runtime's stubs are others: nothing breaks, and everything interpreted takes a tenth longer.</summary>
    [NativeFact]
    public void TheCodeOfAMethodIsBehindItsStub()
    {
        delegate*<int, int> method = &Twice;
        Assert.Equal(42, method(21));
        nint code = MethodCode.Behind((nint)method);
        Assert.NotEqual((nint)method, code);
        Assert.Equal(44, ((delegate*<int, int>)code)(22));
    }

    [NativeFact]
    public void AMethodThatHasNoCodeYetIsCalledByItsStub()
    {
        delegate*<int, int> method = &CalledLate;
        Assert.Equal((nint)method, MethodCode.Behind((nint)method));
        Assert.Equal(24, method(23));
    }

    [NativeFact]
    public void WhatIsNoStubStaysAsItIs()
    {
        // A jump through a cell that is not followed by the rest of a stub, and a return.
        byte* bytes = stackalloc byte[32];
        new Span<byte>(bytes, 32).Fill(0xCC);
        new ReadOnlySpan<byte>([0xFF, 0x25, 0, 0, 0, 0]).CopyTo(new Span<byte>(bytes, 6));
        Assert.Equal((nint)bytes, MethodCode.Behind((nint)bytes));
        bytes[0] = 0xC3;
        Assert.Equal((nint)bytes, MethodCode.Behind((nint)bytes));
    }

    /// <summary>A form without a body has no method: 0.</summary>
    [Fact]
    public void NoMethodHasNoCode() => Assert.Equal(0, MethodCode.Of((nint)0));

    /// <summary>Where methods are compiled again when they run often, today's code is not the last.</summary>
    [NativeFact]
    public void StubsStayWhereCodeIsNotFinal()
    {
        delegate*<int, int> method = &Twice;
        _ = method(1);
        bool isFinal = AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out bool tiered) && !tiered;
        Assert.Equal(isFinal ? MethodCode.Behind((nint)method) : (nint)method, MethodCode.Of((nint)method));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Twice(int number) => number * 2;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CalledLate(int number) => number + 1;
}
