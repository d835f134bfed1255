using System.Runtime.InteropServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>
/// Where the code of a method is. The address that the runtime gives for a method is that of a stub, which jumps to the code once there is some; a handler is called for each instruction
/// that is interpreted, and the second jump costs a tenth of all.
/// </summary>
internal static unsafe class MethodCode
{
    // The stub on x86-64: JMP to what a cell holds; behind it what the cell leads to as long as the method is not prepared: MOV R10 with the method, JMP to the runtime (dotnet/runtime,
    // vm/amd64/thunktemplates.S, FixupPrecodeCode).
    private const ushort Jump = 0x25FF;
    private const int JumpLength = 6;
    private const uint LoadMethod = 0x158B4C;
    private const int LoadMethodLength = 7;

    /// <summary>Whether methods have the code that they will always have: where they are compiled again when they run often, the cell changes, and the stub has to be asked each time.</summary>
    private static readonly bool s_isFinal =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 && AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out bool tiered) && !tiered;

    /// <summary>What to call instead of a method's address: its code where that is known and stays, the address itself otherwise.</summary>
    /// <param name="address">The address of a method; or 0, which stays.</param>
    public static nint Of(nint address) => s_isFinal && address != 0 ? Behind(address) : address;

    /// <inheritdoc cref="Of(nint)"/>
    public static delegate*<CpuState*, Operation*, Operation*> Of(delegate*<CpuState*, Operation*, Operation*> handler) =>
        (delegate*<CpuState*, Operation*, Operation*>)Of((nint)handler);

    /// <summary>The code behind a stub; the address itself where there is no stub, or no code yet.</summary>
    /// <param name="address">The address of a method, on x86-64.</param>
    public static nint Behind(nint address)
    {
        byte* stub = (byte*)address;
        if (*(ushort*)stub != Jump || (*(uint*)(stub + JumpLength) & 0xFFFFFF) != LoadMethod || *(ushort*)(stub + JumpLength + LoadMethodLength) != Jump)
            return address;
        byte* code = *(byte**)(stub + JumpLength + *(int*)(stub + sizeof(ushort)));
        return code == stub + JumpLength ? address : (nint)code;
    }
}
