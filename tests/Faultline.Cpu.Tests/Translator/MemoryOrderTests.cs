using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.Translator;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// What keeps guest accesses in x86's order on hosts that would not. Whole programs run so in a job of its own: <see cref="MemoryOrder.Variable"/> is set there.
/// </summary>
public sealed unsafe class MemoryOrderTests
{
    private static readonly byte[] s_volatile = [0xfe, 0x13];
    private static readonly byte[] s_unaligned = [0xfe, 0x12, 1];

    /// <summary>Loads and stores of guest memory carry the prefix exactly when accesses have to be ordered; the processor's own state never does.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EmissionHasThePrefix(bool ordered)
    {
        foreach (OpCode code in (OpCode[])[OpCodes.Ldind_U1, OpCodes.Ldind_U2, OpCodes.Ldind_U4, OpCodes.Ldind_I8])
            Check(code != OpCodes.Ldind_U1, il => il.Guest(code));
        foreach (OpCode code in (OpCode[])[OpCodes.Stind_I1, OpCodes.Stind_I2, OpCodes.Stind_I4, OpCodes.Stind_I8])
            Check(code != OpCodes.Stind_I1, il => il.Guest(code));
        foreach (OpCode code in (OpCode[])[OpCodes.Ldobj, OpCodes.Stobj])
            Check(true, il => il.GuestObject(code, typeof(Vector256<byte>)));
        Assert.Equal(-1, Emitted(il => il.Object(OpCodes.Ldobj, typeof(Vector256<byte>))).AsSpan().IndexOf(s_volatile));

        void Check(bool unaligned, Action<CilEmitter> emit)
        {
            byte[] bytes = Emitted(emit);
            Assert.Equal(ordered, bytes.AsSpan().IndexOf(s_volatile) >= 0);
            Assert.Equal(unaligned, bytes.AsSpan().IndexOf(s_unaligned) >= 0);
        }

        byte[] Emitted(Action<CilEmitter> emit)
        {
            // Only a finished method of an assembly shows its bytes.
            TypeBuilder type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("Emitted").DefineType("Emitted");
            ILGenerator il = type.DefineMethod("Method", MethodAttributes.Static | MethodAttributes.Public).GetILGenerator();
            emit(new CilEmitter(il, ordered));
            return type.CreateType().GetMethod("Method")!.GetMethodBody()!.GetILAsByteArray()!;
        }
    }

    /// <summary>The JIT takes both prefixes, and what comes of them works at every alignment.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OrderedAccessesWork(bool ordered)
    {
        byte* from = stackalloc byte[64], to = stackalloc byte[64];
        (OpCode Load, OpCode Store, int Size)[] integers =
        [
            (OpCodes.Ldind_U1, OpCodes.Stind_I1, 1), (OpCodes.Ldind_U2, OpCodes.Stind_I2, 2), (OpCodes.Ldind_U4, OpCodes.Stind_I4, 4), (OpCodes.Ldind_I8, OpCodes.Stind_I8, 8),
        ];
        foreach ((OpCode load, OpCode store, int size) in integers)
            Copies(size, il => il.Guest(load), il => il.Guest(store));
        Copies(16, il => il.GuestObject(OpCodes.Ldobj, typeof(Vector128<byte>)), il => il.GuestObject(OpCodes.Stobj, typeof(Vector128<byte>)));
        Copies(32, il => il.GuestObject(OpCodes.Ldobj, typeof(Vector256<byte>)), il => il.GuestObject(OpCodes.Stobj, typeof(Vector256<byte>)));

        void Copies(int size, Action<CilEmitter> load, Action<CilEmitter> store)
        {
            DynamicMethod method = new("Copy", typeof(void), [typeof(nint), typeof(nint)]);
            CilEmitter il = new(method.GetILGenerator(), ordered);
            il.State();
            il.Operation();
            load(il);
            store(il);
            il.Op(OpCodes.Ret);
            Action<nint, nint> copy = method.CreateDelegate<Action<nint, nint>>();
            for (int offset = 0; offset < 16; offset++)
            {
                for (int i = 0; i < 64; i++)
                {
                    from[i] = (byte)(i * 7 + 1);
                    to[i] = 0;
                }
                copy((nint)(to + 15 - offset), (nint)(from + offset));
                for (int i = 0; i < 64; i++)
                    Assert.Equal(i >= 15 - offset && i < 15 - offset + size ? from[i - 15 + 2 * offset] : 0, to[i]);
            }
        }
    }
}
