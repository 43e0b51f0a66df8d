-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "mail" TEXT,
ADD COLUMN     "realName" TEXT;
