-- AlterTable
ALTER TABLE "Person" ADD COLUMN "mail" TEXT;
ALTER TABLE "Person" ADD COLUMN "realName" TEXT;
