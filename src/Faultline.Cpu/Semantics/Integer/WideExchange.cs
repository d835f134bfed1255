using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>CMPXCHG8B, CMPXCHG16B and XLATB (SDM vol. 2).</summary>
internal static unsafe class WideExchange
{
    /// <summary>Compares EDX:EAX with memory: stores ECX:EBX and sets ZF when equal, else loads EDX:EAX and clears ZF. Memory must be writable either way.</summary>
    public static void CompareExchange8Bytes(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        ulong expected = s->Gpr[2] << 32 | (uint)s->Gpr[0];
        ulong replacement = s->Gpr[3] & uint.MaxValue | s->Gpr[1] << 32;
        ulong* p = GuestAccess.Modify<ulong>(s, address);
        ulong found;
        if (Atomic.CanUse(p))
        {
            found = Interlocked.CompareExchange(ref *p, replacement, expected);
        }
        else
        {
            lock (Atomic.SplitLock)
            {
                found = GuestAccess.Load<ulong>(s, address);
                if (found == expected)
                    GuestAccess.Store(s, address, replacement);
            }
        }
        if (found != expected)
        {
            s->Gpr[0] = (uint)found;
            s->Gpr[2] = found >> 32;
        }
        SetZero(s, found == expected);
    }

    /// <summary>
    /// The same with RDX:RAX and RCX:RBX; #GP unless aligned to 16 bytes. No host atomic of .NET is that wide: these exchanges exclude each other, and
    /// give up when a narrower store slips in between.
    /// </summary>
    public static void CompareExchange16Bytes(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        if ((address & 15) != 0)
            Raise.GeneralProtection(s);
        ulong* p = (ulong*)GuestAccess.Modify<UInt128>(s, address);
        ulong low;
        ulong high;
        bool equal;
        lock (Atomic.SplitLock)
        {
            low = Volatile.Read(ref p[0]);
            high = Volatile.Read(ref p[1]);
            equal = low == s->Gpr[0] && high == s->Gpr[2];
            if (equal)
            {
                low = Interlocked.CompareExchange(ref p[0], s->Gpr[3], low);
                equal = low == s->Gpr[0];
                if (equal)
                {
                    high = Interlocked.CompareExchange(ref p[1], s->Gpr[1], high);
                    equal = high == s->Gpr[2];
                    if (!equal)
                        Interlocked.CompareExchange(ref p[0], low, s->Gpr[3]);
                }
            }
        }
        if (!equal)
        {
            s->Gpr[0] = low;
            s->Gpr[2] = high;
        }
        SetZero(s, equal);
    }

    /// <summary>AL = the byte at RBX + AL.</summary>
    public static void Xlat(CpuState* s, Operation* op)
    {
        ulong offset = s->Gpr[3] + (byte)s->Gpr[0];
        if ((op->Flags & OperationFlags.Address32) != 0)
            offset = (uint)offset;
        *(byte*)s->Gpr = GuestAccess.Load<byte>(s, offset + *(ulong*)((byte*)s + op->Segment));
    }

    private static void SetZero(CpuState* s, bool zero) => Flags.Replace(s, Rflags.ZF, zero ? Rflags.ZF : 0);
}
