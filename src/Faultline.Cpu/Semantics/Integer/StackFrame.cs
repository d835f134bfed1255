using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>ENTER and LEAVE (SDM vol. 2).</summary>
internal static unsafe class StackFrame
{
    private const int Rsp = 4;
    private const int Rbp = 5;

    /// <summary>Operand 0, in Immediate, is the size of the frame; operand 1, in Displacement, the nesting level modulo 32.</summary>
    public static void Enter64(CpuState* s, Operation* op)
    {
        int level = (int)op->Displacement & 31;
        ulong top = s->Gpr[Rsp] - 8;
        ulong frame = top;
        GuestAccess.Store(s, top, s->Gpr[Rbp]);
        for (int i = 1; i < level; i++)
        {
            top -= 8;
            GuestAccess.Store(s, top, GuestAccess.Load<ulong>(s, s->Gpr[Rbp] - (ulong)i * 8));
        }
        if (level > 0)
        {
            top -= 8;
            GuestAccess.Store(s, top, frame);
        }
        s->Gpr[Rbp] = frame;
        s->Gpr[Rsp] = top - (ushort)op->Immediate;
    }

    public static void Enter16(CpuState* s, Operation* op)
    {
        int level = (int)op->Displacement & 31;
        ulong top = s->Gpr[Rsp] - 2;
        ushort frame = (ushort)top;
        GuestAccess.Store(s, top, (ushort)s->Gpr[Rbp]);
        for (int i = 1; i < level; i++)
        {
            top -= 2;
            GuestAccess.Store(s, top, GuestAccess.Load<ushort>(s, s->Gpr[Rbp] - (ulong)i * 2));
        }
        if (level > 0)
        {
            top -= 2;
            GuestAccess.Store(s, top, frame);
        }
        *(ushort*)&s->Gpr[Rbp] = frame;
        s->Gpr[Rsp] = top - (ushort)op->Immediate;
    }

    public static void Leave64(CpuState* s, Operation* op)
    {
        ulong frame = s->Gpr[Rbp];
        s->Gpr[Rbp] = GuestAccess.Load<ulong>(s, frame);
        s->Gpr[Rsp] = frame + 8;
    }

    public static void Leave16(CpuState* s, Operation* op)
    {
        ulong frame = s->Gpr[Rbp];
        *(ushort*)&s->Gpr[Rbp] = GuestAccess.Load<ushort>(s, frame);
        s->Gpr[Rsp] = frame + 2;
    }
}
